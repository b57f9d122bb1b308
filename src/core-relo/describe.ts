import type { Btf } from '../btf/btf.js';
import { skipTypedefs } from '../btf/resolve.js';
import type { BtfEnum } from '../btf/types.js';
import { ParseError } from '../bytes/cursor.js';
import type { CoreRelocation } from '../object/spec.js';
import { type Access, parseAccess } from './access.js';
import { coreKindName, subjectOf } from './kinds.js';

/** A relocation in libbpf's words, such as `<byte_off> [5] struct task_struct.pid (0:3 @ offset 12)`. */
export function describeRelocation(local: Btf, relocation: Pick<CoreRelocation, 'typeId' | 'kind' | 'access'>): string {
  const { typeId, kind } = relocation;
  try {
    const name = local.name(typeId) || '<anon>';
    const head = `<${coreKindName(kind)}> [${typeId}] ${local.kind(typeId).toLowerCase()} ${name}`;
    return head + describeAccess(local, kind, parseAccess(local, typeId, kind, relocation.access));
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return `<${coreKindName(kind)}> [${typeId}] + ${relocation.access}`;
  }
}

function describeAccess(local: Btf, kind: number, access: Access): string {
  const subject = subjectOf(kind);
  if (subject === 'type') return '';
  if (subject === 'enumerator') {
    const { name, value } = (local.type(skipTypedefs(local, access.rootId)) as BtfEnum).values[access.raw[0]!]!;
    return `::${name} = ${value}`;
  }
  const path = access.steps
    .map(({ name, index }, i) => (name !== undefined ? `.${name}` : i > 0 || index > 0 ? `[${index}]` : ''))
    .join('');
  const bits = access.bitOffset % 8;
  return `${path} (${access.raw.join(':')} @ offset ${access.bitOffset >>> 3}${bits ? `.${bits}` : ''})`;
}
