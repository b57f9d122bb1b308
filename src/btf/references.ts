import type { RecordReader } from './decode.js';
import { BTF_KINDS, type BtfKind, RECORD_SIZES } from './types.js';

/** Where a record names other types: in its head, and in words of its tail (first one, distance of the next, number; undefined: one for each element). */
export interface Places {
  readonly head: boolean;
  readonly tail?: { readonly first: number; readonly stride: number; readonly count?: number };
}

const HEAD: Places = { head: true };
const NONE: Places = { head: false };
const MEMBERS: Places = { head: false, tail: { first: 4, stride: 12 } };

const PLACES: Record<BtfKind, Places> = {
  VOID: NONE,
  INT: NONE,
  PTR: HEAD,
  ARRAY: { head: false, tail: { first: 0, stride: 4, count: 2 } },
  STRUCT: MEMBERS,
  UNION: MEMBERS,
  ENUM: NONE,
  FWD: NONE,
  TYPEDEF: HEAD,
  VOLATILE: HEAD,
  CONST: HEAD,
  RESTRICT: HEAD,
  FUNC: HEAD,
  FUNC_PROTO: { head: true, tail: { first: 4, stride: 8 } },
  VAR: HEAD,
  DATASEC: { head: false, tail: { first: 0, stride: 12 } },
  FLOAT: NONE,
  DECL_TAG: HEAD,
  TYPE_TAG: HEAD,
  ENUM64: NONE,
};

/** By kind number. */
export const PLACES_BY_NUMBER: readonly Places[] = BTF_KINDS.map((kind) => PLACES[kind]);

/** By kind number: whether elements begin with their names, as all do but those of data sections, whose first word is an id. */
export const NAMED_ELEMENTS: readonly boolean[] = RECORD_SIZES.map(
  ({ element }, kind) => element > 0 && PLACES_BY_NUMBER[kind]!.tail?.first !== 0,
);

/** Calls `visit` with every id that the record at `offset` names, in order, without unfolding it. Its kind and extent have been checked. */
export function visitReferences({ view, littleEndian, reference }: RecordReader, offset: number, visit: (id: number) => void): void {
  const info = view.getUint32(offset + 4, littleEndian);
  const { head, tail } = PLACES_BY_NUMBER[(info >>> 24) & 0x7f]!;
  if (head) visit(reference(view.getUint32(offset + 8, littleEndian)));
  if (!tail) return;
  const count = tail.count ?? info & 0xffffff;
  for (let i = 0; i < count; i++) visit(reference(view.getUint32(offset + 12 + tail.first + i * tail.stride, littleEndian)));
}
