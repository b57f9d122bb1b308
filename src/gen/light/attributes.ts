/** Commands of bpf(2) that a loader gives (enum bpf_cmd). */
export const Command = { MAP_CREATE: 0, MAP_UPDATE_ELEM: 2, PROG_LOAD: 5, BTF_LOAD: 18, MAP_FREEZE: 22 } as const;

/** Fields of union bpf_attr by their offsets, and how much of it a command takes (include/uapi/linux/bpf.h). */
export const MAP_CREATE = {
  size: 72,
  map_type: 0,
  key_size: 4,
  value_size: 8,
  max_entries: 12,
  map_flags: 16,
  inner_map_fd: 20,
  numa_node: 24,
  map_name: 28,
  btf_fd: 48,
  btf_key_type_id: 52,
  btf_value_type_id: 56,
  map_extra: 64,
} as const;

export const MAP_UPDATE = { size: 32, map_fd: 0, key: 8, value: 16 } as const;

export const MAP_FREEZE = { size: 4, map_fd: 0 } as const;

export const BTF_LOAD = { size: 28, btf: 0, log_buf: 8, btf_size: 16, log_size: 20, log_level: 24 } as const;

export const PROG_LOAD = {
  size: 140,
  prog_type: 0,
  insn_cnt: 4,
  insns: 8,
  license: 16,
  log_level: 24,
  log_size: 28,
  log_buf: 32,
  prog_flags: 44,
  prog_name: 48,
  expected_attach_type: 68,
  prog_btf_fd: 72,
  func_info_rec_size: 76,
  func_info: 80,
  func_info_cnt: 88,
  line_info_rec_size: 92,
  line_info: 96,
  line_info_cnt: 104,
  attach_btf_id: 108,
  attach_btf_obj_fd: 112,
  core_relo_cnt: 116,
  fd_array: 120,
  core_relos: 128,
  core_relo_rec_size: 136,
} as const;

const NAME_SIZE = 16;

/** A command's attribute with fields of 32 bits, and a name, which is cut to what there is room for. */
export function attribute<L extends { readonly size: number }>(
  layout: L,
  fields: Partial<Record<Exclude<keyof L, 'size'>, number>>,
  name?: { readonly at: number; readonly text: string },
): Uint8Array {
  const bytes = new Uint8Array(layout.size);
  const view = new DataView(bytes.buffer);
  for (const [field, value] of Object.entries(fields)) view.setUint32(layout[field as keyof L] as number, value as number, true);
  if (name) bytes.set(new TextEncoder().encode(name.text).subarray(0, NAME_SIZE - 1), name.at);
  return bytes;
}
