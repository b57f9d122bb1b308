import { type Fields, type Hook, type Request, required, type Target, textBytes, words64 } from './hook.js';

const PROBE = 'a probe of a program or library: usdt/PATH:PROVIDER:NAME';

/** A place of a probe in its file. */
export interface UsdtPlace {
  readonly offset: number;
  /** Where in the file a counter is that the kernel raises while somebody is interested. */
  readonly semaphore: number | undefined;
  /** By this cookie, the number of a spec, programs know where its arguments are there; undefined where they know it by its address. */
  readonly spec: number | undefined;
}

/** One link for all places of the probe, or before 6.6 a uprobe for each. */
function request({ file, places = [], pid }: Target): Request {
  const name = required(file, PROBE);
  const uprobes = places.map(
    ({ offset, semaphore, spec }) =>
      ({
        via: 'probe',
        kind: 'uprobe',
        returns: false,
        name,
        offset,
        semaphore,
        pid: pid ?? -1,
        cookie: spec === undefined ? undefined : BigInt(spec),
      }) as const,
  );
  return {
    via: 'link_create',
    attach: 'TRACE_UPROBE_MULTI',
    fields: linkFields(name, places, pid),
    otherwise: { via: 'each', requests: uprobes },
  };
}

function linkFields(file: string, places: readonly UsdtPlace[], pid: number | undefined): Fields {
  const semaphores = places.map(({ semaphore }) => semaphore ?? 0);
  return {
    'uprobe_multi.path': textBytes(file),
    'uprobe_multi.offsets': words64(places.map(({ offset }) => offset)),
    'uprobe_multi.ref_ctr_offsets': semaphores.some((offset) => offset !== 0) ? words64(semaphores) : undefined,
    'uprobe_multi.cookies': words64(places.map(({ spec }) => spec ?? 0)),
    'uprobe_multi.cnt': places.length,
    'uprobe_multi.pid': pid,
  };
}

/** A static probe that a program or library was built with: `usdt/PATH:PROVIDER:NAME`. */
export const usdt: Hook = {
  name: 'usdt',
  program: 'KPROBE',
  link: 'UPROBE_MULTI',
  target: 'user function',
  since: '4.17',
  autoAttach: true,
  words: ['pid', 'cookie'],
  sections: [
    { name: 'usdt+', flags: ['USDT'] },
    { name: 'usdt.s+', flags: ['USDT', 'SLEEPABLE'], since: '6.0' },
  ],
  request,
};
