import type { Btf } from '../btf/btf.js';
import { essentialName } from '../btf/names.js';
import { skipTypedefs } from '../btf/resolve.js';
import type { BtfKind, BtfType } from '../btf/types.js';

const MAX_DEPTH = 32;

/** A type, and the BTF it is of. */
export interface TypeRef {
  readonly btf: Btf;
  readonly id: number;
}

/** Kinds that can stand for each other: equal ones, and enums of either width. */
export function kindsAgree(a: BtfKind, b: BtfKind): boolean {
  return a === b || (isEnum(a) && isEnum(b));
}

export function isEnum(kind: BtfKind): kind is 'ENUM' | 'ENUM64' {
  return kind === 'ENUM' || kind === 'ENUM64';
}

/**
 * Whether two types of the same name are the same kind of thing: pointers, arrays and functions are looked through, names, sizes and members are not
 * looked at (bpf_core_types_are_compat of the kernel).
 *
 * @throws ParseError when types loop or nest too deep
 */
export function typesCompatible(local: TypeRef, target: TypeRef, level = MAX_DEPTH): boolean {
  if (!kindsAgree(local.btf.kind(local.id), target.btf.kind(target.id))) return false;
  let a = local.id;
  let b = target.id;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    a = skipTypedefs(local.btf, a);
    b = skipTypedefs(target.btf, b);
    const here = local.btf.type(a);
    const there = target.btf.type(b);
    if (!kindsAgree(here.kind, there.kind)) return false;
    if (here.kind === 'INT' && there.kind === 'INT') return here.offset === 0 && there.offset === 0;
    if (here.kind === 'FUNC_PROTO' && there.kind === 'FUNC_PROTO') {
      if (!parametersCompatible(local.btf, here, target.btf, there, level)) return false;
      a = here.returns;
      b = there.returns;
    } else if ((here.kind === 'PTR' && there.kind === 'PTR') || (here.kind === 'ARRAY' && there.kind === 'ARRAY')) {
      a = here.type;
      b = there.type;
    } else {
      return ENDS.has(here.kind);
    }
  }
  return local.btf.fail(local.id, 'types nest too deep');
}

const ENDS: ReadonlySet<BtfKind> = new Set(['VOID', 'STRUCT', 'UNION', 'ENUM', 'ENUM64', 'FWD']);

type FuncProto = Extract<BtfType, { kind: 'FUNC_PROTO' }>;

function parametersCompatible(local: Btf, here: FuncProto, target: Btf, there: FuncProto, level: number): boolean {
  if (here.params.length !== there.params.length) return false;
  return here.params.every((param, index) => {
    if (level <= 0) local.fail(param.type, 'functions nest too deep');
    const a = { btf: local, id: skipTypedefs(local, param.type) };
    const b = { btf: target, id: skipTypedefs(target, there.params[index]!.type) };
    return typesCompatible(a, b, level - 1);
  });
}

/**
 * Whether a field may be read as the type the program was compiled with: structs and unions mix, sizes of integers may differ, enums have to have the
 * same name (bpf_core_fields_are_compat).
 */
export function fieldsCompatible(local: TypeRef, target: TypeRef): boolean {
  let a = local.id;
  let b = target.id;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const here = local.btf.type(skipTypedefs(local.btf, a));
    const there = target.btf.type(skipTypedefs(target.btf, b));
    if (isComposite(here) && isComposite(there)) return true;
    if (!kindsAgree(here.kind, there.kind)) return false;
    if (here.kind !== 'ARRAY' || there.kind !== 'ARRAY') return scalarsCompatible(here, there);
    a = here.type;
    b = there.type;
  }
  return local.btf.fail(local.id, 'arrays nest too deep');
}

function isComposite(type: BtfType): boolean {
  return type.kind === 'STRUCT' || type.kind === 'UNION';
}

function scalarsCompatible(here: BtfType, there: BtfType): boolean {
  if (here.kind === 'PTR' || here.kind === 'FLOAT') return true;
  if (here.kind === 'INT' && there.kind === 'INT') return here.offset === 0 && there.offset === 0;
  if (here.kind !== 'FWD' && !isEnum(here.kind)) return false;
  const name = essentialName((here as { name: string }).name);
  const other = essentialName((there as { name: string }).name);
  return name === '' || other === '' || name === other;
}
