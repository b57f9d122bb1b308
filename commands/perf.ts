import { type Traced, type TracedDescriptor, type TracedLink, tracedDescriptors, tracedLinks } from '../src/link/traced.js';
import { list, type ObjectCommand, subcommand } from './command.js';

type Row = TracedDescriptor | TracedLink;

/** Links that are seen through a process already, as those of raw tracepoints are, come once. */
function* rows(): Generator<Row> {
  const seen = new Set<string>();
  const key = ({ progId, kind, name, offset }: Traced) => `${progId} ${kind} ${name} ${offset}`;
  for (const row of tracedDescriptors()) {
    seen.add(key(row));
    yield row;
  }
  for (const row of tracedLinks()) if (!seen.has(key(row))) yield row;
}

function holderOf(row: Row): Record<string, number> {
  return 'linkId' in row ? { link_id: row.linkId } : { pid: row.pid, fd: row.fd };
}

function holderText(row: Row): string {
  return 'linkId' in row ? `link ${row.linkId}` : `pid ${row.pid}  fd ${row.fd}`;
}

/** What a program is attached to, as fields in bpftool's order. */
function targetOf({ kind, name, offset, address }: Traced): Record<string, string | bigint> {
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

function targetText(row: Traced): string {
  const target = targetOf(row);
  if ('tracepoint' in target) return String(target.tracepoint);
  return Object.entries(target)
    .map(([name, value]) => `${name} ${value}`)
    .join('  ');
}

/** The same in the fewest words: `do_exit`, `/lib/libc.so.6+0x101810`. */
function placeText({ kind, name, offset, address }: Traced): string {
  if (kind === undefined) return '';
  if (name === '') return `0x${address.toString(16)}`;
  return offset === 0n || kind === 'tracepoint' || kind === 'raw_tracepoint' ? name : `${name}+0x${offset.toString(16)}`;
}

const show = subcommand<Row>({
  name: 'show',
  aliases: ['list'],
  summary: 'Show the programs on perf events and raw tracepoints, and the processes or links that hold these',
  examples: ['bpf-ts perf show'],
  run: (words) => {
    words.end();
    return list(rows());
  },
  plain: (row) => `${holderText(row)}: prog_id ${row.progId}  ${row.kind ?? 'unknown'}  ${targetText(row)}\n`,
  json: (row) => ({ ...holderOf(row), prog_id: row.progId, ...(row.kind && { fd_type: row.kind }), ...targetOf(row) }),
  columns: [
    { title: 'PID', cell: (row) => ('pid' in row ? row.pid : ''), align: 'right', colour: 'id' },
    { title: 'FD', cell: (row) => ('fd' in row ? row.fd : ''), align: 'right' },
    { title: 'Link', cell: (row) => ('linkId' in row ? row.linkId : ''), align: 'right', colour: 'id' },
    { title: 'Program', cell: ({ progId }) => progId, align: 'right', colour: 'id' },
    { title: 'Type', cell: ({ kind }) => kind ?? 'unknown', colour: 'type' },
    { title: 'Attached to', cell: placeText, colour: 'name' },
  ],
});

export const command: ObjectCommand = {
  name: 'perf',
  summary: 'Programs on perf events and raw tracepoints',
  subcommands: [show],
};
