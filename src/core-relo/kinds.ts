/** enum bpf_core_relo_kind of include/uapi/linux/bpf.h. */
export const CoreKind = {
  FIELD_BYTE_OFFSET: 0,
  FIELD_BYTE_SIZE: 1,
  FIELD_EXISTS: 2,
  FIELD_SIGNED: 3,
  FIELD_LSHIFT_U64: 4,
  FIELD_RSHIFT_U64: 5,
  TYPE_ID_LOCAL: 6,
  TYPE_ID_TARGET: 7,
  TYPE_EXISTS: 8,
  TYPE_SIZE: 9,
  ENUMVAL_EXISTS: 10,
  ENUMVAL_VALUE: 11,
  TYPE_MATCHES: 12,
} as const;

/** libbpf's short names, by number. */
const NAMES = [
  'byte_off',
  'byte_sz',
  'field_exists',
  'signed',
  'lshift_u64',
  'rshift_u64',
  'local_type_id',
  'target_type_id',
  'type_exists',
  'type_size',
  'enumval_exists',
  'enumval_value',
  'type_matches',
];

/** What a relocation asks about: a field of a struct, a type, or a value of an enum. */
export type CoreSubject = 'field' | 'type' | 'enumerator';

/** Undefined for a kind that is unknown. */
export function subjectOf(kind: number): CoreSubject | undefined {
  if (kind >= 0 && kind <= CoreKind.FIELD_RSHIFT_U64) return 'field';
  if (kind === CoreKind.ENUMVAL_EXISTS || kind === CoreKind.ENUMVAL_VALUE) return 'enumerator';
  return kind > 0 && kind <= CoreKind.TYPE_MATCHES ? 'type' : undefined;
}

export function coreKindName(kind: number): string {
  return NAMES[kind] ?? `kind ${kind}`;
}
