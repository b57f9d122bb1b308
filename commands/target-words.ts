// The words that say where a program is attached: HOOK [TARGET] [WORD VALUE]...
import { UsageError } from '../src/errors.js';
import type { SectionMatch } from '../src/hook/all.js';
import type { Anchor } from '../src/hook/hook.js';
import { PERF_EVENTS, type PerfEventName } from '../src/hook/perf-event.js';
import { findHook } from '../src/link/attach.js';
import { type TargetWords, wordsOf } from '../src/link/target.js';
import { parseInteger, type Words } from './line/words.js';
import { takeLink, takeMap, takeProgram } from './reference/reference.js';

type Word = keyof TargetWords;
/** Reads the value of a word; a handle that has to stay open until the program is attached is given to `keep`. */
type Read = (words: Words, keep: (handle: Disposable) => void) => TargetWords[Word];

const READ: Readonly<Partial<Record<Word, Read>>> = {
  dev: (words) => words.next('the name of the interface'),
  cgroup: (words) => words.next('the path of the cgroup'),
  netns: (words) => words.next('the path of the network namespace'),
  map: (words, keep) => {
    const map = takeMap(words);
    keep(map);
    return map;
  },
  route: (words) => words.next('where packets go to'),
  local: () => true,
  device: (words) => words.next('the path of the device'),
  socket: (words) => words.next('the socket, as PID:FD'),
  mode: (words) => words.choose('mode', ['driver', 'generic', 'offload'] as const),
  netlink: () => true,
  cookie: (words) => takeU64(words, 'cookie'),
  before: (words) => takeAnchor(words),
  after: (words) => takeAnchor(words),
  priority: (words) => takeSigned(words, 'priority'),
  handle: (words) => words.number('handle'),
  egress: () => true,
  pid: (words) => words.number('pid'),
  cpu: (words) => words.number('cpu'),
  event: (words) => words.choose('event', Object.keys(PERF_EVENTS) as PerfEventName[]),
  frequency: (words) => words.number('frequency'),
  period: (words) => takeU64(words, 'period'),
  order: (words) => words.choose('order', ['descendants_pre', 'descendants_post', 'ancestors_up', 'self_only'] as const),
  family: (words) => words.choose('family', ['ip', 'ip6'] as const),
  hook: (words) => words.choose('hook', ['prerouting', 'input', 'forward', 'output', 'postrouting'] as const),
  defrag: () => true,
};

/** For help: what stands for HOOK, and its words. */
export const HOOK_TERMS = [
  'HOOK := a section name: xdp, tcx/ingress, tc, cgroup/connect4, tracepoint/CATEGORY/NAME, raw_tp/NAME, kprobe/FUNCTION,',
  '        kprobe.multi/PATTERN, uprobe/BINARY:FUNCTION, usdt/BINARY:PROVIDER:NAME, iter/KIND, ...; or an attach type: cgroup_inet_egress, ...',
  'TARGET := dev NAME | cgroup PATH | netns PATH | map MAP | socket PID:FD | device PATH | route ADDRESS[/BITS]; the first word may be left out',
  'WORD := mode { driver | generic | offload } | netlink | cookie N | { before | after } [{ prog PROG | link LINK }] | egress | priority N | handle N |',
  '        event { cpu-clock | page-faults | cycles | ... } | frequency HZ | period N | pid N | cpu N |',
  '        map MAP | cgroup PATH | order ORDER | family { ip | ip6 } | hook NAME | defrag',
] as const;

/** A place to attach to, as it was said. Holds what was opened for it. */
export interface SaidTarget extends Disposable {
  readonly hook: string;
  readonly words: TargetWords;
}

/** Takes a HOOK and what is said about it, up to one of the words in `until`. */
export function takeTarget(words: Words, until: readonly string[]): SaidTarget {
  const handles: Disposable[] = [];
  const close = () => {
    for (const handle of handles.splice(0)) handle[Symbol.dispose]();
  };
  try {
    const { hook, match } = takeHook(words, until);
    return { hook, words: takeWords(words, match, until, (handle) => handles.push(handle)), [Symbol.dispose]: close };
  } catch (error) {
    close();
    throw error;
  }
}

// `raw_tp sys_enter` means raw_tp/sys_enter.
function takeHook(words: Words, until: readonly string[]): { hook: string; match: SectionMatch } {
  const hook = words.next('HOOK');
  const match = findHook(hook);
  const named = match.extra !== undefined || !match.section.name.endsWith('+');
  if (named || words.left === 0 || isKeyword(words, [...wordsOf(match), ...until])) return { hook, match };
  const whole = `${hook}/${words.next('TARGET')}`;
  return { hook: whole, match: findHook(whole) };
}

function takeWords(words: Words, match: SectionMatch, until: readonly string[], keep: (handle: Disposable) => void): TargetWords {
  const known = wordsOf(match);
  const said: Partial<Record<Word, unknown>> = {};
  const [first] = known;
  // The word that names the target goes without saying.
  if (first && words.left > 0 && READ[first] && !isKeyword(words, [...known, ...until])) said[first] = READ[first](words, keep);
  while (words.left > 0 && !until.some((end) => words.is(end))) {
    const word = words.choose(`a word of ${match.hook.name}`, known);
    if (said[word] !== undefined) throw new UsageError(`'${word}' is said twice`);
    said[word] = READ[word]!(words, keep);
  }
  return said as TargetWords;
}

function isKeyword(words: Words, keywords: readonly string[]): boolean {
  return keywords.includes(words.peek!);
}

function takeAnchor(words: Words): Anchor['of'] | 'all' {
  if (words.takeIf('prog')) {
    using program = takeProgram(words);
    return { kind: 'program', id: program.id };
  }
  if (!words.takeIf('link')) return 'all';
  using link = takeLink(words);
  return { kind: 'link', id: link.info.id };
}

function takeU64(words: Words, what: string): bigint {
  const word = words.next(what);
  const value = parseInteger(word);
  if (value === undefined || value >= 1n << 64n) throw new UsageError(`${what}: '${word}' is no number of 64 bits`);
  return value;
}

function takeSigned(words: Words, what: string): number {
  const word = words.next(what);
  if (!/^-?\d{1,9}$/.test(word)) throw new UsageError(`${what}: '${word}' is not a number`);
  return Number(word);
}
