// Compares what two tools say in JSON on the same live objects.

/** A field in which the reference is known to say something else, with the reason. */
export interface KnownDifference {
  /** The command, as `link show`. */
  readonly command: string;
  readonly field: string;
  readonly reason: string;
  /** What the reference says there; anything when missing. */
  readonly theirs?: unknown;
  /** The first version, as 705 for 7.5, in which it is right. */
  readonly fixedIn?: number;
}

export interface Terms {
  readonly command: string;
  readonly known: readonly KnownDifference[];
  /** The reference's version, as 705. */
  readonly version: number;
}

/** The version that we follow: fields that an older one does not have are no difference. */
export const FOLLOWED = 708;

/** JSON with integers that JavaScript cannot hold kept as text, so that no digit goes unseen. */
export function parseExact(text: string): unknown {
  // What the reference prints in place of floating-point numbers is no JSON.
  return JSON.parse(
    text.replace(/(?<=:|: )\(unsupported[^",}]*/g, '"(unsupported-kind)"').replace(/([[,:]\s*)(-?\d{16,})(?=\s*[,\]}])/g, '$1"$2"'),
  );
}

/** All differences that no {@link KnownDifference} names, each as a line. */
export function disagreements(ours: unknown, theirs: unknown, terms: Terms, path = ''): string[] {
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    if (ours.length !== theirs.length) return [`${path}: ${ours.length} elements, the reference has ${theirs.length}`];
    return ours.flatMap((each, i) => disagreements(each, theirs[i], terms, `${path}[${i}]`));
  }
  if (isObject(ours) && isObject(theirs)) return fields(ours, theirs, terms, path);
  // A number where we have a name: the older reference does not know that type yet.
  if (terms.version < FOLLOWED && path.endsWith('.type') && typeof ours === 'string' && typeof theirs === 'number') return [];
  return Object.is(ours, theirs) ? [] : [`${path}: ${JSON.stringify(ours)}, the reference has ${JSON.stringify(theirs)}`];
}

type Fields = Record<string, unknown>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fields(ours: Fields, theirs: Fields, terms: Terms, path: string): string[] {
  const lines: string[] = [];
  for (const name of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    if (isKnown(terms, name, theirs[name])) continue;
    if (name in ours && name in theirs) lines.push(...disagreements(ours[name], theirs[name], terms, `${path}.${name}`));
    else if (name in theirs) lines.push(`${path}.${name} is missing, the reference has ${JSON.stringify(theirs[name])}`);
    else if (terms.version >= FOLLOWED) lines.push(`${path}.${name} is too much: ${JSON.stringify(ours[name])}`);
  }
  return lines;
}

function isKnown({ command, known, version }: Terms, field: string, theirs: unknown): boolean {
  return known.some(
    (each) =>
      command.startsWith(each.command) &&
      each.field === field &&
      (each.fixedIn === undefined || version < each.fixedIn) &&
      (!('theirs' in each) || each.theirs === theirs),
  );
}
