/**
 * The kinds of BTF types, in the order of their numbers (`BTF_KIND_*` of include/uapi/linux/btf.h). Number 0 is void, which has no record.
 */
export const BTF_KINDS = [
  'VOID',
  'INT',
  'PTR',
  'ARRAY',
  'STRUCT',
  'UNION',
  'ENUM',
  'FWD',
  'TYPEDEF',
  'VOLATILE',
  'CONST',
  'RESTRICT',
  'FUNC',
  'FUNC_PROTO',
  'VAR',
  'DATASEC',
  'FLOAT',
  'DECL_TAG',
  'TYPE_TAG',
  'ENUM64',
] as const;

export type BtfKind = (typeof BTF_KINDS)[number];

/** Bytes that follow the 12-byte head of a record: fixed ones, and for each of its `vlen` elements. Indexed by kind number. */
export const RECORD_SIZES: readonly { info: number; element: number }[] = BTF_KINDS.map((kind) => ({
  info: { INT: 4, ARRAY: 12, VAR: 4, DECL_TAG: 4 }[kind as string] ?? 0,
  element: { STRUCT: 12, UNION: 12, ENUM: 8, FUNC_PROTO: 8, DATASEC: 12, ENUM64: 12 }[kind as string] ?? 0,
}));

/** Bits of an INT's encoding. A plain unsigned integer has none. */
export const IntEncoding = { SIGNED: 1, CHAR: 2, BOOL: 4 } as const;

/** Linkage of FUNC; VAR uses the same numbers. */
export const Linkage = { STATIC: 0, GLOBAL: 1, EXTERN: 2 } as const;

/** An integer: `size` in bytes, `bits` wide from bit `offset` of them; `encoding` is made of {@link IntEncoding}. */
export interface BtfInt {
  readonly kind: 'INT';
  readonly name: string;
  readonly size: number;
  readonly bits: number;
  readonly offset: number;
  readonly encoding: number;
}

/** A type that only points at another: nameless. */
export interface BtfRef {
  readonly kind: 'PTR' | 'VOLATILE' | 'CONST' | 'RESTRICT';
  readonly type: number;
}

export interface BtfTypedef {
  readonly kind: 'TYPEDEF';
  readonly name: string;
  readonly type: number;
}

/** `length` elements of `type`; `index` is the type of its index, which carries no meaning. */
export interface BtfArray {
  readonly kind: 'ARRAY';
  readonly type: number;
  readonly index: number;
  readonly length: number;
}

/** A member of a struct or union. `bitfieldSize` is in bits, 0 for a member that is no bitfield. */
export interface BtfMember {
  readonly name: string;
  readonly type: number;
  readonly bitOffset: number;
  readonly bitfieldSize: number;
}

/** A struct or union of `size` bytes. `kindFlag`: offsets of its members carry bitfield sizes. */
export interface BtfComposite {
  readonly kind: 'STRUCT' | 'UNION';
  readonly name: string;
  readonly size: number;
  readonly members: readonly BtfMember[];
  readonly kindFlag: boolean;
}

/** A value is negative only in a signed enum. */
export interface BtfEnumValue {
  readonly name: string;
  readonly value: bigint;
}

export interface BtfEnum {
  readonly kind: 'ENUM' | 'ENUM64';
  readonly name: string;
  readonly size: number;
  readonly signed: boolean;
  readonly values: readonly BtfEnumValue[];
}

/** A struct, or union, that was declared and not defined. */
export interface BtfFwd {
  readonly kind: 'FWD';
  readonly name: string;
  readonly union: boolean;
}

/** A function; `type` is a FUNC_PROTO, `linkage` one of {@link Linkage}. */
export interface BtfFunc {
  readonly kind: 'FUNC';
  readonly name: string;
  readonly type: number;
  readonly linkage: number;
}

export interface BtfParam {
  readonly name: string;
  readonly type: number;
}

/** A last parameter without name and of type 0 stands for `...`. */
export interface BtfFuncProto {
  readonly kind: 'FUNC_PROTO';
  readonly returns: number;
  readonly params: readonly BtfParam[];
}

/** A variable; `linkage` is one of {@link Linkage}. */
export interface BtfVar {
  readonly kind: 'VAR';
  readonly name: string;
  readonly type: number;
  readonly linkage: number;
}

/** Where a variable lies in its section, in bytes; for an extern `type` may be a FUNC. */
export interface BtfDatasecEntry {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
}

/** A data section. In an object file that no loader has completed `size` and the offsets are 0. */
export interface BtfDatasec {
  readonly kind: 'DATASEC';
  readonly name: string;
  readonly size: number;
  readonly entries: readonly BtfDatasecEntry[];
}

export interface BtfFloat {
  readonly kind: 'FLOAT';
  readonly name: string;
  readonly size: number;
}

/**
 * A tag (`name` is its text) on `type`, or on its member or parameter `componentIndex`; -1 is the type itself. `kindFlag`: the text is a whole
 * attribute, not the argument of `btf_decl_tag` (since 6.15).
 */
export interface BtfDeclTag {
  readonly kind: 'DECL_TAG';
  readonly name: string;
  readonly type: number;
  readonly componentIndex: number;
  readonly kindFlag: boolean;
}

/** A tag (`name` is its text) in a chain of modifiers. `kindFlag` as in {@link BtfDeclTag}. */
export interface BtfTypeTag {
  readonly kind: 'TYPE_TAG';
  readonly name: string;
  readonly type: number;
  readonly kindFlag: boolean;
}

/** One BTF type. `type`, `index` and `returns` are type ids; id 0 is void. */
export type BtfType =
  | { readonly kind: 'VOID' }
  | BtfInt
  | BtfRef
  | BtfTypedef
  | BtfArray
  | BtfComposite
  | BtfEnum
  | BtfFwd
  | BtfFunc
  | BtfFuncProto
  | BtfVar
  | BtfDatasec
  | BtfFloat
  | BtfDeclTag
  | BtfTypeTag;
