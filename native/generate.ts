// A program, run by `npm run generate`: writes native/uapi.ts and src/kernel/enums.gen.ts from the kernel BTF that is pinned in test/data.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { Btf } from '../src/btf/btf.js';
import { sizeOf, skipTypedefs } from '../src/btf/resolve.js';
import { type BtfMember, IntEncoding } from '../src/btf/types.js';

const ROOT = new URL('../../', import.meta.url);
const PINNED = 'test/data/vmlinux-7.2.btf.br';

/** The arms of `union bpf_attr`: a constant for each, and the member that tells which arm is meant. */
const ATTR_ARMS: Record<string, string> = {
  MAP_CREATE: 'map_type',
  MAP_ELEM: 'next_key',
  MAP_BATCH: 'batch',
  PROG_LOAD: 'prog_type',
  OBJ: 'pathname',
  PROG_ATTACH: 'attach_bpf_fd',
  PROG_TEST_RUN: 'test',
  GET_ID: 'start_id',
  OBJ_GET_INFO: 'info',
  PROG_QUERY: 'query',
  RAW_TRACEPOINT: 'raw_tracepoint',
  BTF_LOAD: 'btf_size',
  TASK_FD_QUERY: 'task_fd_query',
  LINK_CREATE: 'link_create',
  LINK_UPDATE: 'link_update',
  LINK_DETACH: 'link_detach',
  ENABLE_STATS: 'enable_stats',
  ITER_CREATE: 'iter_create',
  PROG_BIND_MAP: 'prog_bind_map',
  TOKEN_CREATE: 'token_create',
  PROG_STREAM_READ: 'prog_stream_read',
  PROG_ASSOC_STRUCT_OPS: 'prog_assoc_struct_ops',
};

/** Records with a name of their own. */
const STRUCTS: Record<string, string> = {
  PROG_INFO: 'bpf_prog_info',
  MAP_INFO: 'bpf_map_info',
  BTF_INFO: 'bpf_btf_info',
  LINK_INFO: 'bpf_link_info',
  TOKEN_INFO: 'bpf_token_info',
  FUNC_INFO: 'bpf_func_info',
  LINE_INFO: 'bpf_line_info',
  PERF_EVENT_ATTR: 'perf_event_attr',
  PERF_EVENT_MMAP_PAGE: 'perf_event_mmap_page',
  NLMSGHDR: 'nlmsghdr',
  RTATTR: 'rtattr',
  IFINFOMSG: 'ifinfomsg',
  IFADDRMSG: 'ifaddrmsg',
  TCMSG: 'tcmsg',
  RTMSG: 'rtmsg',
};

/** Enumerations: the constant, the kernel's name, and the prefix that its members share. */
const ENUMS = [
  ['ProgType', 'bpf_prog_type', 'BPF_PROG_TYPE_'],
  ['MapType', 'bpf_map_type', 'BPF_MAP_TYPE_'],
  ['AttachType', 'bpf_attach_type', 'BPF_'],
  ['LinkType', 'bpf_link_type', 'BPF_LINK_TYPE_'],
] as const;

interface Place {
  offset: number;
  text: string;
}

const btf = Btf.parse(brotliDecompressSync(readFileSync(new URL(PINNED, ROOT))), { what: PINNED });
const HEADER = `// Written by \`npm run generate\` from ${PINNED}. Do not edit.\n`;

save('native/uapi.ts', uapi());
save('src/kernel/enums.gen.ts', enums());

function save(path: string, text: string): void {
  writeFileSync(fileURLToPath(new URL(path, ROOT)), `${HEADER}${text}`);
}

function uapi(): string {
  const parts = ["import type { Layout } from './layout.js';\n", constant('Command', commands(), 'The commands of bpf(2).')];
  for (const [name, member] of Object.entries(ATTR_ARMS))
    parts.push(layout(name, arm(member), `The arm of union bpf_attr with \`${member}\`.`));
  for (const [name, struct] of Object.entries(STRUCTS)) {
    const id = btf.find(struct, 'STRUCT');
    if (id !== undefined) parts.push(layout(name, id, `struct ${struct}`));
  }
  return parts.join('\n');
}

function enums(): string {
  const parts = ENUMS.map(([name, kernel, prefix]) => constant(name, members(kernel, prefix), `enum ${kernel}`));
  parts.push(constant('Flag', flags(), 'The BPF_* flags that the kernel declares in enumerations without a name.'));
  parts.push(helpers());
  return parts.join('\n');
}

function structOf(id: number): { members: readonly BtfMember[]; union: boolean } | undefined {
  const type = btf.type(skipTypedefs(btf, id));
  return type.kind === 'STRUCT' || type.kind === 'UNION' ? { members: type.members, union: type.kind === 'UNION' } : undefined;
}

function arm(member: string): number {
  const attr = structOf(btf.find('bpf_attr', 'UNION')!)!;
  const found = attr.members.find((m) => m.name === member || (m.name === '' && names(m.type).includes(member)));
  if (!found) throw new Error(`union bpf_attr has no arm with ${member}`);
  return found.type;
}

function names(id: number): string[] {
  return (structOf(id)?.members ?? []).flatMap((m) => (m.name === '' ? names(m.type) : [m.name]));
}

function layout(name: string, id: number, comment: string): string {
  const fields = new Map<string, Place>();
  collect(id, 0, '', fields);
  const lines = [...fields].map(([field, place]) => `    ${/^\w+$/.test(field) ? field : `'${field}'`}: ${place.text},`);
  return `/** ${comment} */\nexport const ${name} = {\n  size: ${sizeOf(btf, id)},\n  fields: {\n${lines.join('\n')}\n  },\n} as const satisfies Layout;\n`;
}

function collect(id: number, base: number, prefix: string, fields: Map<string, Place>): void {
  for (const member of structOf(id)!.members) {
    const offset = base + Math.floor(member.bitOffset / 8);
    const inner = structOf(member.type);
    if (inner) collect(member.type, offset, member.name === '' ? prefix : `${prefix}${member.name}.`, fields);
    else if (member.name !== '') fields.set(prefix + member.name, { offset, text: field(member, base) });
  }
}

function field(member: BtfMember, base: number): string {
  if (member.bitfieldSize > 0)
    return `[${base + Math.floor(member.bitOffset / 8)}, 'bits', ${member.bitOffset % 8}, ${member.bitfieldSize}]`;
  const offset = base + member.bitOffset / 8;
  const type = btf.type(skipTypedefs(btf, member.type));
  if (type.kind === 'ARRAY') return `[${offset}, '${element(type.type)}', ${type.length}]`;
  return `[${offset}, '${scalar(member.type)}']`;
}

function element(id: number): string {
  return btf.name(skipTypedefs(btf, id)) === 'char' ? 'char' : scalar(id);
}

function scalar(id: number): string {
  const type = btf.type(skipTypedefs(btf, id));
  const bits = (sizeOf(btf, id) ?? 0) * 8;
  if (![8, 16, 32, 64].includes(bits)) throw new Error(`type ${id} is no scalar`);
  return `${type.kind === 'INT' && (type.encoding & IntEncoding.SIGNED) !== 0 ? 'i' : 'u'}${bits}`;
}

function members(kernelName: string, prefix: string): [string, bigint][] {
  const type = btf.type(btf.find(kernelName, 'ENUM')!);
  if (type.kind !== 'ENUM') throw new Error(`${kernelName} is no enumeration`);
  // __MAX_*, MAX_* and *_DEPRECATED count or rename the others.
  return type.values
    .filter((v) => v.name.startsWith(prefix) && !v.name.endsWith('_DEPRECATED'))
    .map((v) => [v.name.slice(prefix.length), v.value]);
}

function commands(): [string, bigint][] {
  // BPF_COMMON_ATTRS is a flag that is or-ed to a command.
  return members('bpf_cmd', 'BPF_').filter(([name]) => name !== 'COMMON_ATTRS');
}

function flags(): [string, bigint][] {
  const all = new Map<string, bigint>();
  for (const id of btf.ids()) {
    const kind = btf.kind(id);
    if ((kind !== 'ENUM' && kind !== 'ENUM64') || btf.name(id) !== '') continue;
    const type = btf.type(id);
    if (type.kind !== 'ENUM' && type.kind !== 'ENUM64') continue;
    if (!type.values.every((v) => v.name.startsWith('BPF_'))) continue;
    for (const value of type.values) if (/^BPF_(F_|ANY|NOEXIST|EXIST)/.test(value.name)) all.set(value.name, value.value);
  }
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1));
}

function constant(name: string, values: [string, bigint][], comment: string): string {
  const seen = new Set<bigint>();
  const lines: string[] = [];
  for (const [key, value] of values) {
    if (name !== 'Flag' && seen.has(value)) continue;
    seen.add(value);
    lines.push(`  ${key}: ${value > 0xffffffffn || value < -0x80000000n ? `${value}n` : value},`);
  }
  return `/** ${comment} */\nexport const ${name} = {\n${lines.join('\n')}\n} as const;\n`;
}

function helpers(): string {
  const all = members('bpf_func_id', 'BPF_FUNC_').map(([name]) => `  '${name}',`);
  return `/** The names of the BPF helpers, by number; \`bpf_\` stands before each in C. */\nexport const HELPERS = [\n${all.join('\n')}\n] as const;\n`;
}
