// Attaches programs to hooks.
import { UsageError } from '../errors.js';
import { hookForName, type SectionMatch } from '../hook/all.js';
import type { Request, Target } from '../hook/hook.js';
import { ask } from './ask.js';
import { Held } from './attachment.js';
import { type Reasons, refused } from './attempt.js';
import { Link } from './link.js';
import { openTarget, type TargetWords } from './target.js';

/** Anything with the descriptor of a program. */
export interface Attachable {
  readonly fd: number;
}

/**
 * Attaches a program to a hook, which is named as a section is (`xdp`, `tcx/ingress`, `tracepoint/sched/sched_switch`) or by an attach type that
 * bpftool knows (`cgroup_inet_egress`). `words` say what the name does not: `{ dev: 'eth0' }`. Gives a {@link Link}, or where the kernel has
 * none for this hook, what holds the attachment; disposing of it detaches.
 *
 * Throws a {@link UsageError} when a word is missing, is too much, or names what does not exist, and a {@link NotSupportedError} when
 * the kernel refused and is older than the hook.
 */
export function attach(program: Attachable, hook: string, words: TargetWords = {}): Link | Held {
  const match = findHook(hook);
  const place = placeText(hook, words);
  if (!match.hook.request) throw new UsageError(withoutRequest(match, hook));
  using opened = openTarget(match, words, program.fd);
  const request = requestFor(match, opened.target, place);
  try {
    return releasing(ask(program.fd, request), opened.release);
  } catch (error) {
    opened.release();
    throw refused(`attach to ${place}`, error, REASONS, request.since ?? match.section.since ?? match.hook.since, match.hook.config);
  }
}

/** A link may outlive this process, and needs what was written for it; what is held does not. */
function releasing(attachment: Link | Held, release: () => void): Link | Held {
  if (attachment instanceof Link || attachment.stays) return attachment;
  return new Held(attachment.kind, false, () => {
    attachment.detach();
    release();
  });
}

function requestFor({ hook }: SectionMatch, target: Target, place: string): Request {
  try {
    return hook.request!(target);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`attach to ${place}: ${error.message}`) : error;
  }
}

/** A hook by the name of a section or of an attach type. */
export function findHook(name: string): SectionMatch {
  const found = hookForName(name);
  if (found) return found;
  throw new UsageError(
    `there is no hook called ${JSON.stringify(name)} (they are named as sections are: xdp, tcx/ingress, cgroup/connect4)`,
  );
}

/** Where a program is attached, in the words that attach it: `tcx/ingress dev eth0`. */
export function placeText(hook: string, words: TargetWords): string {
  const said = Object.entries(words).flatMap(([word, value]) => (value === undefined || value === false ? [] : [wordText(word, value)]));
  return [hook, ...said].join(' ');
}

function wordText(word: string, value: unknown): string {
  if (value === true || value === 'all') return word;
  if (typeof value !== 'object' || value === null) return `${word} ${value}`;
  const { kind, id } = value as { kind?: 'program' | 'link'; id: number };
  return [word, ...(kind ? [kind === 'program' ? 'prog' : kind] : []), 'id', id].join(' ');
}

function withoutRequest({ hook }: SectionMatch, name: string): string {
  if (hook.use) return `${name} programs are not attached: ${hook.use}`;
  return `bpf-ts cannot attach ${name} programs yet`;
}

const REASONS: Reasons = {
  EEXIST: 'a program is attached there already',
  EBUSY: 'a program is attached there already',
  ENOTSOCK: 'the descriptor is none of a socket',
  // cgroup_bpf_attach, netns_bpf_link_attach: one flow dissector, 64 of others.
  E2BIG: 'as many programs as there may be are attached there already',
};
