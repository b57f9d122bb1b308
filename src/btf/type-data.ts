import type { Btf } from './btf.js';
import { type Layout, type LayoutHole, type LayoutMember, layoutOf } from './layout.js';
import { sizeOf } from './resolve.js';
import { declarationOf } from './type-text.js';
import type { BtfType } from './types.js';

/** One type as data for JSON: offsets and sizes in bytes and in bits, holes as rows of their own. @throws ParseError when it is malformed */
export function typeData(btf: Btf, id: number): object {
  const type = btf.type(id);
  const target = type.kind === 'TYPEDEF' ? btf.type(type.type) : type;
  const head = { id, kind: type.kind.toLowerCase(), name: nameOf(type), size: sizeOrNone(btf, id) };
  if (type.kind === 'STRUCT' || type.kind === 'UNION') return { ...head, ...layoutData(layoutOf(btf, id)) };
  if (type.kind === 'TYPEDEF' && (target.kind === 'STRUCT' || target.kind === 'UNION') && target.name === '')
    return { ...head, of: target.kind.toLowerCase(), ...layoutData(layoutOf(btf, type.type)) };
  if (type.kind === 'ENUM' || type.kind === 'ENUM64')
    return { ...head, signed: type.signed, values: type.values.map(({ name, value }) => ({ name, value })) };
  const rest = { ...head, declaration: declarationOf(btf, id) };
  return type.kind === 'DATASEC' ? { ...rest, variables: type.entries.map((entry) => variable(btf, entry)) } : rest;
}

function nameOf(type: BtfType): string | undefined {
  return 'name' in type ? type.name : undefined;
}

function sizeOrNone(btf: Btf, id: number): number | undefined {
  const type = btf.type(id);
  if (type.kind === 'DATASEC') return type.size;
  try {
    return sizeOf(btf, id);
  } catch {
    return undefined;
  }
}

function variable(btf: Btf, { type, offset, size }: { type: number; offset: number; size: number }): object {
  return { name: btf.name(type), type_id: type, offset, size, declaration: declarationOf(btf, type) };
}

function layoutData(layout: Layout): object {
  return { members: layout.parts.map((part) => (part.kind === 'hole' ? hole(part) : member(part))) };
}

function member({ name, declaration, start, length, isBitfield, inner }: LayoutMember): object {
  return {
    name,
    declaration: inner ? undefined : declaration,
    ...place(start, length),
    bitfield: isBitfield,
    ...(inner && { kind: inner.kind.toLowerCase(), ...layoutData(inner) }),
  };
}

function hole({ start, length, isPadding }: LayoutHole): object {
  return { hole: isPadding ? 'padding' : 'hole', ...place(start, length) };
}

/** Bytes rounded down, as far as bits lie within them. */
function place(start: number, length: number): object {
  return { offset: Math.floor(start / 8), size: Math.ceil(length / 8), bits_offset: start, bits: length };
}
