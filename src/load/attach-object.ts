// Attaches all programs of an object to what their sections say, and puts its struct_ops maps to use.
import { UsageError } from '../errors.js';
import { hookForSection, type SectionMatch } from '../hook/all.js';
import { MapType } from '../kernel/enums.gen.js';
import { attach, placeText } from '../link/attach.js';
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

/**
 * Attaches every program of an object and registers its struct_ops maps. `words` say what sections cannot: each program gets those that its hook takes. Programs for maps of sockets get the
 * object's only one when `words` name none. All or nothing: when one is refused, those before it are detached.
 *
 * @throws UsageError when a program needs a word that is not there, or a word serves no program; what {@link attach} throws
 */
export function attachObject(loaded: LoadedObject, words: TargetWords = {}): AttachedObject {
  const object = new AttachedObject();
  const unused = new Set(Object.entries(words).flatMap(([word, value]) => (value === undefined ? [] : [word])));
  try {
    for (const program of loaded.programs) attachOne(object, program, { map: onlySockMap(loaded), ...words }, unused);
    registerMaps(object, loaded);
    const [useless] = unused;
    if (useless !== undefined) throw new UsageError(`no program of the object takes '${useless}'`);
    return object;
  } catch (error) {
    object[Symbol.dispose]();
    throw error;
  }
}

function attachOne(object: AttachedObject, loaded: LoadedProgram, words: TargetWords, unused: Set<string>): void {
  const { section, name } = loaded.spec;
  const match = hookForSection(section);
  if (!match) return void object.unattached.push({ loaded, reason: `nothing is known of section ${section}` });
  if (match.hook.use) return void object.unattached.push({ loaded, reason: match.hook.use });
  if (namesNothing(match))
    return void object.unattached.push({
      loaded,
      reason: `its section ${section} does not say what it attaches to, which 'link attach' may`,
    });
  const own = Object.fromEntries(wordsOf(match).flatMap((word) => (words[word] === undefined ? [] : [[word, words[word]]])));
  for (const word of Object.keys(own)) unused.delete(word);
  try {
    object.attached.push({ loaded, place: placeText(section, own), attachment: attach(loaded.program, section, own) });
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`program ${name}: ${error.message}`, { cause: error.cause });
    throw new Error(`program ${name}`, { cause: error });
  }
}

/** `SEC("kprobe")`: loaded, and attached by who knows to what. */
function namesNothing({ section, extra }: SectionMatch): boolean {
  return section.name.endsWith('+') && !extra;
}

/** The words that at least one program of the object takes. */
export function wordsTaken(loaded: LoadedObject): ReadonlySet<keyof TargetWords> {
  const matches = loaded.programs.flatMap(({ spec }) => hookForSection(spec.section) ?? []);
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
