import { type TracedDescriptor, tracedDescriptors } from '../src/link/traced.js';
import { list, type ObjectCommand, subcommand } from './command.js';

/** What a descriptor is attached to, as fields in bpftool's order. */
function targetOf({ kind, name, offset, address }: TracedDescriptor): Record<string, string | bigint> {
  switch (kind) {
    case 'raw_tracepoint':
    case 'tracepoint':
      return { tracepoint: name };
    case 'kprobe':
    case 'kretprobe':
      return name === '' ? { addr: address } : { func: name, offset };
    case 'uprobe':
    case 'uretprobe':
      return { filename: name, offset };
    case undefined:
      return {};
  }
}

function targetText(row: TracedDescriptor): string {
  const target = targetOf(row);
  if ('tracepoint' in target) return String(target.tracepoint);
  return Object.entries(target)
    .map(([name, value]) => `${name} ${value}`)
    .join('  ');
}

const show = subcommand<TracedDescriptor>({
  name: 'show',
  aliases: ['list'],
  summary: 'Show the programs on perf events and raw tracepoints, and the processes that hold these',
  examples: ['bpf-ts perf show'],
  run: (words) => {
    words.end();
    return list(tracedDescriptors());
  },
  plain: (row) => `pid ${row.pid}  fd ${row.fd}: prog_id ${row.progId}  ${row.kind ?? 'unknown'}  ${targetText(row)}\n`,
  json: (row) => ({ pid: row.pid, fd: row.fd, prog_id: row.progId, ...(row.kind && { fd_type: row.kind }), ...targetOf(row) }),
  columns: [
    { title: 'pid', cell: ({ pid }) => pid, align: 'right', colour: 'id' },
    { title: 'fd', cell: ({ fd }) => fd, align: 'right' },
    { title: 'program', cell: ({ progId }) => progId, align: 'right', colour: 'id' },
    { title: 'type', cell: ({ kind }) => kind ?? 'unknown', colour: 'type' },
    { title: 'attached to', cell: targetText, colour: 'name' },
  ],
});

export const command: ObjectCommand = {
  name: 'perf',
  summary: 'Programs on perf events and raw tracepoints',
  subcommands: [show],
};
