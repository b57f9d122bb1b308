import type { Btf } from './btf.js';
import { sizeOf, skipModifiers } from './resolve.js';

/** MAX_BPF_FUNC_ARGS, and the most bytes of one argument (btf_distill_func_proto). */
const [MOST_ARGUMENTS, LARGEST_ARGUMENT] = [12, 16];

/** Whether the kernel can call programs at this function: it has a fixed list of small arguments, and returns no struct. */
export function isTraceable(btf: Btf, id: number): boolean {
  const func = btf.type(id);
  const proto = func.kind === 'FUNC' ? btf.type(func.type) : undefined;
  if (proto?.kind !== 'FUNC_PROTO' || proto.params.length > MOST_ARGUMENTS) return false;
  const returned = btf.kind(skipModifiers(btf, proto.returns));
  if (returned === 'STRUCT' || returned === 'UNION') return false;
  // Of type 0 are the arguments behind `...`.
  return proto.params.every(({ type }) => type !== 0 && sizeOf(btf, type) <= LARGEST_ARGUMENT);
}
