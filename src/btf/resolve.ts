import type { Btf } from './btf.js';
import type { BtfType } from './types.js';

/** BPF is a 64-bit machine, whatever the byte order. */
export const POINTER_SIZE = 8;

/** Longest chain of types that is followed: the kernel refuses beyond 32 (MAX_RESOLVE_DEPTH), and a chain that loops has no end. */
const MAX_DEPTH = 64;
const MAX_SIZE = 0xffffffff;

const MODIFIERS: ReadonlySet<BtfType['kind']> = new Set(['CONST', 'VOLATILE', 'RESTRICT', 'TYPE_TAG']);

/** The type behind const, volatile, restrict and type tags. @throws ParseError when the chain loops */
export function skipModifiers(btf: Btf, id: number): number {
  return skip(btf, id, (kind) => MODIFIERS.has(kind));
}

/** The type behind modifiers and typedefs. @throws ParseError when the chain loops */
export function skipTypedefs(btf: Btf, id: number): number {
  return skip(btf, id, (kind) => kind === 'TYPEDEF' || MODIFIERS.has(kind));
}

function skip(btf: Btf, id: number, passes: (kind: BtfType['kind']) => boolean): number {
  let at = id;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    if (!passes(btf.kind(at))) return at;
    at = (btf.type(at) as { type: number }).type;
  }
  return btf.fail(id, 'the chain of types does not end');
}

/**
 * The size of a value of the type in bytes; of a variable, that of its type.
 *
 * @throws ParseError when the type has no size (void, a function, a forward declaration), loops, or would take 4 GiB or more
 */
export function sizeOf(btf: Btf, id: number): number {
  let elements = 1;
  let at = id;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const type = btf.type(at);
    if (type.kind === 'ARRAY') elements *= type.length;
    const size = ownSize(type);
    if (size !== undefined) {
      const total = elements * size;
      return total <= MAX_SIZE ? total : btf.fail(id, 'is too large');
    }
    if (!('type' in type) || type.kind === 'FUNC') return btf.fail(id, `${type.kind} has no size`);
    at = type.type;
  }
  return btf.fail(id, 'the chain of types does not end');
}

function ownSize(type: BtfType): number | undefined {
  if (type.kind === 'PTR') return POINTER_SIZE;
  return 'size' in type ? type.size : undefined;
}

/**
 * The alignment of the type in bytes, as C has it on a 64-bit machine: of a struct, that of its most aligned member, or 1 when it is packed.
 *
 * @throws ParseError when types loop or nest too deep, or a member has no alignment
 */
export function alignOf(btf: Btf, id: number): number {
  const known = ALIGNMENTS.get(btf) ?? new Map<number, number>();
  ALIGNMENTS.set(btf, known);
  return alignment(btf, id, known, 0);
}

/** Alignments that have been worked out: printing a kernel's types asks for the same ones again and again. */
const ALIGNMENTS = new WeakMap<Btf, Map<number, number>>();

function alignment(btf: Btf, id: number, known: Map<number, number>, depth: number): number {
  const cached = known.get(id);
  if (cached !== undefined) return cached;
  if (depth >= MAX_DEPTH) return btf.fail(id, 'types nest too deep');
  const result = computeAlignment(btf, id, known, depth);
  known.set(id, result);
  return result;
}

function computeAlignment(btf: Btf, id: number, known: Map<number, number>, depth: number): number {
  const type = btf.type(id);
  switch (type.kind) {
    case 'INT':
    case 'FLOAT':
    case 'ENUM':
    case 'ENUM64':
      return Math.min(type.size, POINTER_SIZE);
    case 'PTR':
      return POINTER_SIZE;
    case 'STRUCT':
    case 'UNION':
      return compositeAlignment(type, (member) => alignment(btf, member, known, depth + 1));
    case 'ARRAY':
    case 'TYPEDEF':
    case 'CONST':
    case 'VOLATILE':
    case 'RESTRICT':
    case 'TYPE_TAG':
    case 'VAR':
      return alignment(btf, type.type, known, depth + 1);
    default:
      return btf.fail(id, `${type.kind} has no alignment`);
  }
}

/** 1 when the size, or a member's place, is no multiple of what members would ask for: then it was packed (btf__align_of of libbpf). */
function compositeAlignment(type: Extract<BtfType, { kind: 'STRUCT' | 'UNION' }>, alignOfMember: (id: number) => number): number {
  let max = 1;
  for (const member of type.members) {
    const align = alignOfMember(member.type);
    max = Math.max(max, align);
    if (member.bitfieldSize === 0 && member.bitOffset % (8 * align) !== 0) return 1;
  }
  return type.size % max === 0 ? max : 1;
}
