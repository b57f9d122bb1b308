// How the links of probes and perf events read.
import { perfConfigName, perfTypeName } from '../../src/kernel/perf-names.js';
import type { PerfLinkTarget } from '../../src/link/info.js';
import type { LinkKind, Of } from './kinds.js';

const hex = (value: bigint | number) => value.toString(16);

/** Functions that are traced by one link, by ascending address. */
export const kprobeMulti: LinkKind<Of<'kprobe_multi'>> = {
  json: (target, { functions }) => ({
    retprobe: target.retprobe,
    func_cnt: target.functions.length,
    missed: target.missed,
    funcs: byAddress(target).map(({ address, cookie }) => {
      const symbol = functions?.get(address);
      return { addr: address, func: symbol?.name ?? null, module: symbol?.module ?? null, cookie };
    }),
  }),
  plain: (target, { functions }) => {
    if (target.functions.length === 0) return '';
    const lines = byAddress(target).map(({ address, cookie }) => {
      const symbol = functions?.get(address);
      const module = symbol?.module === undefined ? '' : ` [${symbol.module}]`;
      return `\n\t${hex(address).padStart(16, '0')} ${hex(cookie).padEnd(16)} ${symbol?.name ?? ''}${module}  `;
    });
    return [
      `\n\t${target.retprobe ? 'kretprobe' : 'kprobe'}.multi  func_cnt ${target.functions.length}  `,
      target.missed === 0n ? '' : `missed ${target.missed}  `,
      `\n\t${'addr'.padEnd(16)} ${'cookie'.padEnd(16)} func [module]`,
      ...lines,
    ].join('');
  },
};

function byAddress({ functions }: Of<'kprobe_multi'>) {
  return functions.toSorted((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
}

/** Places in a file that are traced by one link. */
export const uprobeMulti: LinkKind<Of<'uprobe_multi'>> = {
  json: (target) => ({
    retprobe: target.retprobe,
    path: target.path,
    func_cnt: target.places.length,
    pid: target.pid,
    funcs: target.places.map(({ offset, refCtrOffset, cookie }) => ({ offset, ref_ctr_offset: refCtrOffset, cookie })),
  }),
  plain: (target) => {
    if (target.places.length === 0) return '';
    const column = (value: bigint) => `0x${hex(value).padEnd(16)}`;
    return [
      `\n\t${target.retprobe ? 'uretprobe' : 'uprobe'}.multi  path ${target.path}  func_cnt ${target.places.length}  `,
      target.pid === 0 ? '' : `pid ${target.pid}  `,
      `\n\t${'offset'.padEnd(16)}   ${'ref_ctr_offset'.padEnd(16)}   ${'cookies'.padEnd(16)}`,
      ...target.places.map((place) => `\n\t${column(place.offset)} ${column(place.refCtrOffset)} ${column(place.cookie)}`),
    ].join('');
  },
};

/** A perf event: a tracepoint, a probe at one place, or a counter. */
export const perfEvent: LinkKind<Of<'perf_event'>> = {
  json: ({ event }) => perfFields(event),
  plain: ({ event }) => perfText(event),
};

function perfFields(event: PerfLinkTarget): Record<string, unknown> {
  switch (event.kind) {
    case 'event':
      return {
        event_type: perfTypeName(event.type) ?? event.type,
        event_config: perfConfigName(event.type, event.config) ?? event.config,
        cookie: event.cookie,
      };
    case 'tracepoint':
      return { tracepoint: event.name, cookie: event.cookie };
    case 'kprobe':
    case 'kretprobe':
      return {
        retprobe: event.kind === 'kretprobe',
        addr: event.address,
        func: event.func,
        offset: event.offset,
        missed: event.missed,
        cookie: event.cookie,
      };
    case 'uprobe':
    case 'uretprobe':
      return {
        retprobe: event.kind === 'uretprobe',
        file: event.file,
        offset: event.offset,
        cookie: event.cookie,
        ref_ctr_offset: event.refCtrOffset,
      };
    case 'unknown':
      return {};
  }
}

// bpftool leaves out an event of which the kernel does not tell the name.
function perfText(event: PerfLinkTarget): string {
  switch (event.kind) {
    case 'event':
      return [
        `\n\tevent ${perfTypeName(event.type) === undefined ? `${event.type} :` : `${perfTypeName(event.type)}:`}`,
        `${perfConfigName(event.type, event.config) ?? event.config}  `,
        event.cookie === 0n ? '' : `cookie ${event.cookie}  `,
      ].join('');
    case 'tracepoint':
      return event.name === '' ? '' : `\n\ttracepoint ${event.name}  ${event.cookie === 0n ? '' : `cookie ${event.cookie}  `}`;
    case 'kprobe':
    case 'kretprobe':
      return event.func === '' && event.address === 0n ? '' : kprobeText(event);
    case 'uprobe':
    case 'uretprobe':
      return event.file === '' ? '' : uprobeText(event);
    case 'unknown':
      return '';
  }
}

function kprobeText(event: Extract<PerfLinkTarget, { kind: 'kprobe' | 'kretprobe' }>): string {
  return [
    `\n\t${event.kind} `,
    event.address === 0n ? '' : `${hex(event.address)} `,
    event.func,
    event.offset === 0 ? '' : `+0x${hex(event.offset)}`,
    event.missed === 0n ? '' : `  missed ${event.missed}`,
    event.cookie === 0n ? '' : `  cookie ${event.cookie}`,
    '  ',
  ].join('');
}

function uprobeText(event: Extract<PerfLinkTarget, { kind: 'uprobe' | 'uretprobe' }>): string {
  // printf's %#x has no 0x before a zero.
  const offset = event.offset === 0 ? '0' : `0x${hex(event.offset)}`;
  return [
    `\n\t${event.kind} ${event.file}+${offset}  `,
    event.cookie === 0n ? '' : `cookie ${event.cookie}  `,
    event.refCtrOffset === 0n ? '' : `ref_ctr_offset 0x${hex(event.refCtrOffset)}  `,
  ].join('');
}
