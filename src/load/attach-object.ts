// Attaches all programs of an object to what their sections say, and puts its struct_ops maps to use.
import { NotSupportedError, UsageError } from '../errors.js';
import { hookForName, type SectionMatch } from '../hook/all.js';
import { MapType } from '../kernel/enums.gen.js';
import { attach, findHook, placeText } from '../link/attach.js';
import type { Held } from '../link/attachment.js';
import type { Link } from '../link/link.js';
import { registerStructOps } from '../link/struct-ops.js';
import { type TargetWords, wordsOf } from '../link/target.js';
import type { LoadedMap, LoadedObject, LoadedProgram } from './loaded-object.js';

/** A program that is attached. */
export interface AttachedProgram {
  readonly loaded: LoadedProgram;
  /** In the words that attach it: `tcx/ingress dev eth0`. */
  readonly place: string;
  readonly attachment: Link | Held;
}

/** A program that is only loaded, and why: `it is run by user space`. */
export interface UnattachedProgram {
  readonly loaded: LoadedProgram;
  readonly reason: string;
}

/** A struct_ops map that the kernel uses: its programs are called through it. */
export interface RegisteredMap {
  readonly loaded: LoadedMap;
  readonly attachment: Link | Held;
}

/** The attachments of an object. Disposing of it ends them, the last first. */
export class AttachedObject implements Disposable {
  readonly attached: AttachedProgram[] = [];
  readonly unattached: UnattachedProgram[] = [];
  readonly registered: RegisteredMap[] = [];

  [Symbol.dispose](): void {
    const all = [...this.attached.splice(0), ...this.registered.splice(0)];
    for (const { attachment } of all.reverse()) attachment[Symbol.dispose]();
  }
}

/** How an object is attached, where that is not as its sections say. */
export interface AttachChoice {
  /** By the name of a program, the hook that it is attached to instead of what its section says; one for programs of the same type. */
  readonly hooks?: ReadonlyMap<string, string>;
  /**
   * Programs of traffic control (`tc`, `classifier`) are attached by a link of tcx where the kernel has that (6.6), so that they end with this process whatever
   * happens to it. What they return means the same there, but that TC_ACT_STOLEN and TC_ACT_TRAP let the packet go on
   * (tcx_action_code in net/core/dev.c).
   */
  readonly preferLinks?: boolean;
  /** Programs that are left alone: somebody attaches them later. */
  readonly later?: (program: LoadedProgram) => boolean;
}

/**
 * Attaches every program of an object and registers its struct_ops maps. `words` say what sections cannot: each program gets those that its hook takes. Programs for maps of sockets get the
 * object's only one when `words` name none. All or nothing: when one is refused, those before it are detached.
 *
 * @throws UsageError when a program needs a word that is not there, or a word serves no program; what {@link attach} throws
 */
export function attachObject(loaded: LoadedObject, words: TargetWords = {}, choice: AttachChoice = {}): AttachedObject {
  const object = new AttachedObject();
  const unused = new Set(Object.entries(words).flatMap(([word, value]) => (value === undefined ? [] : [word])));
  try {
    for (const program of loaded.programs) {
      if (!choice.later?.(program)) attachOne(object, program, { map: onlySockMap(loaded), ...words }, unused, choice);
    }
    registerMaps(object, loaded);
    const [useless] = unused;
    if (useless !== undefined) throw new UsageError(`no program of the object takes '${useless}'`);
    return object;
  } catch (error) {
    object[Symbol.dispose]();
    throw error;
  }
}

function attachOne(object: AttachedObject, loaded: LoadedProgram, words: TargetWords, unused: Set<string>, choice: AttachChoice): void {
  const { name } = loaded.spec;
  const place = hookOf(loaded, choice);
  const match = hookForName(place);
  if (!match) return void object.unattached.push({ loaded, reason: `nothing is known of section ${place}` });
  if (match.hook.use) return void object.unattached.push({ loaded, reason: match.hook.use });
  const unsaid = unsaidOf(match, place);
  if (unsaid) return void object.unattached.push({ loaded, reason: unsaid });
  const own = Object.fromEntries(wordsOf(match).flatMap((word) => (words[word] === undefined ? [] : [[word, words[word]]])));
  for (const word of Object.keys(own)) unused.delete(word);
  try {
    object.attached.push(attachTo(loaded, place, own, choice));
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`program ${name}: ${error.message}`, { cause: error.cause });
    throw new Error(`program ${name}`, { cause: error });
  }
}

/** The hook that is named for a program, or its section. */
function hookOf({ spec }: LoadedProgram, { hooks }: AttachChoice): string {
  const said = hooks?.get(spec.name);
  if (said === undefined) return spec.section;
  const { hook } = findHook(said);
  if (spec.hook && hook.program !== spec.hook.program)
    throw new UsageError(`program ${spec.name} cannot be attached to ${said}: its section ${spec.section} is for another type of programs`);
  return said;
}

function attachTo(loaded: LoadedProgram, place: string, words: TargetWords, { preferLinks }: AttachChoice): AttachedProgram {
  if (preferLinks && words.dev !== undefined && findHook(place).hook.name === 'tc') {
    const { egress, priority, handle, ...others } = words;
    const linked = `tcx/${egress ? 'egress' : 'ingress'}`;
    try {
      if (priority === undefined && handle === undefined) return attachTo(loaded, linked, others, {});
    } catch (error) {
      if (!(error instanceof NotSupportedError)) throw error;
    }
  }
  return { loaded, place: placeText(place, words), attachment: attach(loaded.program, place, words) };
}

/** Why a section does not say enough: `SEC("kprobe")` is loaded, and attached by who knows to what. */
function unsaidOf({ hook, section, extra }: SectionMatch, place: string): string | undefined {
  if (section.name.endsWith('+') && !extra)
    return `its section ${place} does not say what it attaches to, as --attach NAME=${place}/... would`;
  // All others of it name the kind, as `sk_skb/verdict`.
  if (hook.name === 'sk_skb' && !section.attach)
    return `its section ${place} does not say which kind it is, as --attach NAME=${place}/verdict would`;
  return undefined;
}

/** The words that at least one program of the object takes. */
export function wordsTaken(loaded: LoadedObject, choice: AttachChoice = {}): ReadonlySet<keyof TargetWords> {
  const matches = loaded.programs.flatMap((program) => hookForName(hookOf(program, choice)) ?? []);
  return new Set(matches.flatMap((match) => wordsOf(match)));
}

function registerMaps(object: AttachedObject, { maps }: LoadedObject): void {
  for (const loaded of maps) {
    if (loaded.structOps) object.registered.push({ loaded, attachment: registerStructOps(loaded.map, loaded.structOps.value) });
  }
}

const SOCKET_MAPS: readonly number[] = [MapType.SOCKMAP, MapType.SOCKHASH];

function onlySockMap(loaded: LoadedObject) {
  const maps = loaded.maps.filter(({ spec }) => SOCKET_MAPS.includes(spec.type));
  return maps.length === 1 ? maps[0]!.map : undefined;
}
