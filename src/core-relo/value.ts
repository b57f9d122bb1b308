import type { Btf } from '../btf/btf.js';
import { sizeOf, skipTypedefs } from '../btf/resolve.js';
import { type BtfComposite, type BtfEnum, IntEncoding } from '../btf/types.js';
import type { Access } from './access.js';
import { isEnum } from './compatible.js';
import { CoreKind, subjectOf } from './kinds.js';

/** What a relocation comes to on one side. */
export interface CoreValue {
  /** Unsigned 64 bits. */
  readonly value: bigint;
  /** Of the field that is accessed, in bytes, and its type: only for offsets of fields that are no bitfields. 0 otherwise. */
  readonly size: number;
  readonly typeId: number;
  /** Whether the compiler must have written just this value; it and the loader may disagree on bitfields. */
  readonly exact: boolean;
}

const plain = (value: number | bigint, exact = true): CoreValue => ({ value: BigInt(value), size: 0, typeId: 0, exact });

/**
 * What a relocation of `kind` comes to along a path, undefined when it has no answer (no path was found): the instruction is then made invalid.
 *
 * @throws ParseError when the kind does not go with the path, or the types have no size
 */
export function coreValue(kind: number, access: Access | undefined): CoreValue | undefined {
  switch (subjectOf(kind)) {
    case 'type':
      return typeValue(kind, access);
    case 'enumerator':
      return enumeratorValue(kind, access);
    default:
      return fieldValue(kind, access);
  }
}

function typeValue(kind: number, access: Access | undefined): CoreValue {
  if (!access) return plain(0);
  // Type ids may have changed since the compiler wrote them, by linking.
  if (kind === CoreKind.TYPE_ID_TARGET) return plain(access.rootId, false);
  return plain(kind === CoreKind.TYPE_SIZE ? sizeOf(access.btf, access.rootId) : 1);
}

function enumeratorValue(kind: number, access: Access | undefined): CoreValue | undefined {
  if (kind === CoreKind.ENUMVAL_EXISTS) return plain(access ? 1 : 0);
  if (!access) return undefined;
  const step = access.steps[0]!;
  const type = access.btf.type(step.typeId) as BtfEnum;
  const value = type.values[step.index]!.value;
  // 32-bit values are taken as signed, whatever the enum says: that is what compilers and libbpf agree on.
  return plain(BigInt.asUintN(64, type.kind === 'ENUM' ? BigInt.asIntN(32, value) : value));
}

function fieldValue(kind: number, access: Access | undefined): CoreValue | undefined {
  if (kind === CoreKind.FIELD_EXISTS) return plain(access ? 1 : 0);
  if (!access) return undefined;
  return access.steps.at(-1)!.name === undefined ? elementValue(kind, access) : memberValue(kind, access);
}

function elementValue(kind: number, { btf, steps, bitOffset }: Access): CoreValue {
  const { typeId } = steps.at(-1)!;
  if (kind === CoreKind.FIELD_BYTE_SIZE) return plain(sizeOf(btf, typeId));
  if (kind !== CoreKind.FIELD_BYTE_OFFSET) btf.fail(typeId, 'this relocation does not go with an array element');
  return { value: BigInt(bitOffset >>> 3), size: scalarSize(btf, typeId), typeId, exact: true };
}

/** The size of what is in the end loaded or stored: of an array, that of one element. */
function scalarSize(btf: Btf, id: number): number {
  let at = skipTypedefs(btf, id);
  for (let depth = 0; depth < 64; depth++) {
    const type = btf.type(at);
    if (type.kind !== 'ARRAY') return sizeOf(btf, at);
    at = skipTypedefs(btf, type.type);
  }
  return btf.fail(id, 'arrays nest too deep');
}

interface Place {
  readonly typeId: number;
  readonly bitOffset: number;
  readonly bitSize: number;
  readonly byteOffset: number;
  readonly byteSize: number;
  readonly bitfield: boolean;
}

function memberValue(kind: number, access: Access): CoreValue {
  const { btf } = access;
  const place = memberPlace(access);
  const { byteOffset, byteSize, bitOffset, bitSize, bitfield, typeId } = place;
  switch (kind) {
    case CoreKind.FIELD_BYTE_OFFSET:
      if (bitfield) return plain(byteOffset, false);
      return { value: BigInt(byteOffset), size: scalarSize(btf, typeId), typeId, exact: true };
    case CoreKind.FIELD_BYTE_SIZE:
      return plain(byteSize, !bitfield);
    case CoreKind.FIELD_SIGNED:
      return plain(isSigned(btf, typeId) ? 1 : 0);
    case CoreKind.FIELD_LSHIFT_U64:
      return plain(
        BigInt.asUintN(
          64,
          BigInt(btf.littleEndian ? 64 - (bitOffset + bitSize - byteOffset * 8) : (8 - byteSize) * 8 + bitOffset - byteOffset * 8),
        ),
        !bitfield,
      );
    default:
      return plain(BigInt.asUintN(64, BigInt(64 - bitSize)));
  }
}

function isSigned(btf: Btf, typeId: number): boolean {
  const type = btf.type(typeId);
  if (isEnum(type.kind)) return (type as BtfEnum).signed;
  return type.kind === 'INT' && (type.encoding & IntEncoding.SIGNED) !== 0;
}

/** Where a member is, and for a bitfield which aligned integer has to be loaded to have all of it. */
function memberPlace({ btf, steps, bitOffset }: Access): Place {
  const step = steps.at(-1)!;
  const member = (btf.type(step.typeId) as BtfComposite).members[step.index]!;
  const typeId = skipTypedefs(btf, member.type);
  if (member.bitfieldSize === 0) {
    const byteSize = sizeOf(btf, typeId);
    return { typeId, bitOffset, bitSize: byteSize * 8, byteOffset: bitOffset >>> 3, byteSize, bitfield: false };
  }
  const bitSize = member.bitfieldSize;
  let byteSize = sizeOf(btf, typeId);
  if (byteSize === 0) btf.fail(typeId, 'a bitfield of a type without size');
  const offsetFor = (size: number) => Math.floor((bitOffset >>> 3) / size) * size;
  while (bitOffset + bitSize - offsetFor(byteSize) * 8 > byteSize * 8) {
    if (byteSize >= 8) btf.fail(step.typeId, `no 64-bit load has all of the bitfield ${member.name}`);
    byteSize *= 2;
  }
  return { typeId, bitOffset, bitSize, byteOffset: offsetFor(byteSize), byteSize, bitfield: true };
}
