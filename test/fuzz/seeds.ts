import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { attribute, concat, nested } from '../../native/netlink.js';
import { Btf } from '../../src/btf/btf.js';
import { Elf } from '../../src/elf/elf.js';
import { linkObjects } from '../../src/gen/link/link.js';
import { minimizeBtf } from '../../src/gen/min-core-btf.js';
import { readCoreObject } from '../../src/gen/sources.js';
import { everyKind } from '../btf/build.js';
import { btfGroups, elfGroups, mapGroups, relocationGroups, words } from './fields.js';
import type { ByteSeed } from './mutate-bytes.js';

/** The folder `test` of the sources: what is compiled from it is below `build`. */
const TEST = fileURLToPath(new URL('../../../test/', import.meta.url));
const OWN = ['everything', 'everything-big', 'legacy'];
/** From the other tests' programs, what has kinds of contents that the fuzzer's own have not. */
const OTHERS = ['gen-core', 'struct-ops', 'hooks-frags'];

function read(path: string): Uint8Array {
  return new Uint8Array(readFileSync(TEST + path));
}

const lazily = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

/** Whole object files. Those of other tests are linked, which takes out their debug information: more of the damage hits what matters. */
export const objects = lazily((): ByteSeed[] =>
  [...OWN.map((name) => `fuzz/corpus/${name}.bpf.o`), ...OTHERS.map((name) => `progs/${name}.bpf.o`)].map((path) => {
    const bytes = path.startsWith('progs') ? linkObjects([{ what: path, bytes: read(path) }]) : read(path);
    return { name: path, bytes, groups: elfGroups(bytes) };
  }),
);

/** Objects, of which only relocations and symbols are damaged on purpose. */
export const relocated = lazily((): ByteSeed[] => objects().map((seed) => ({ ...seed, groups: relocationGroups(seed.bytes) })));

/** Objects, of which only definitions of maps are damaged on purpose. */
export const mapped = lazily((): ByteSeed[] =>
  objects()
    .map((seed) => ({ ...seed, groups: mapGroups(seed.bytes) }))
    .filter(({ groups }) => groups.length > 0),
);

/** BTF: a type of each kind in both byte orders, and that of objects. */
export const btfs = lazily((): ByteSeed[] => [
  ...[true, false].map((littleEndian) => btfSeed('every kind', everyKind(littleEndian).bytes())),
  ...objects().flatMap(({ name, bytes }) => {
    const section = Elf.parse(bytes).section('.BTF');
    return section ? [btfSeed(name, section.bytes.slice())] : [];
  }),
]);

function btfSeed(name: string, bytes: Uint8Array): ByteSeed {
  return { name, bytes, groups: btfGroups(bytes) };
}

/** Sections .BTF.ext of objects. */
export const exts = lazily((): ByteSeed[] => objects().flatMap(({ name, bytes }) => sectionSeed(name, bytes, '.BTF.ext')));

/** The code of objects. */
export const codes = lazily((): ByteSeed[] =>
  objects().flatMap(({ name, bytes }) =>
    ['.text', 'xdp', 'socket', '?kprobe/do_nanosleep'].flatMap((section) => sectionSeed(name, bytes, section)),
  ),
);

function sectionSeed(name: string, bytes: Uint8Array, section: string): ByteSeed[] {
  const contents = Elf.parse(bytes).section(section)?.bytes.slice();
  return contents && contents.length > 0 ? [{ name, bytes: contents, groups: [words(0, contents.length)] }] : [];
}

/** The types of a kernel that the CO-RE relocations of a test program need, some hundred. */
export const kernelTypes = lazily((): ByteSeed => {
  const kernel = Btf.parse(new Uint8Array(brotliDecompressSync(read('data/vmlinux-7.2.btf.br'))));
  return btfSeed(
    'kernel',
    minimizeBtf(
      kernel,
      ['progs/gen-core', 'fuzz/corpus/everything'].map((name) => readCoreObject(read(`${name}.bpf.o`), name)),
    ),
  );
});

/** Two notes, the second with an odd length. */
export const notes = lazily((): ByteSeed[] => {
  const bytes = concat(
    u32s(4, 20, 3),
    text('GNU\0'),
    new Uint8Array(20).fill(7),
    u32s(8, 41, 3),
    text('stapsdt\0'),
    new Uint8Array(41).fill(0x61),
  );
  return [{ name: 'notes', bytes, groups: [words(0, bytes.length)] }];
});

/** An answer of each kind that is read: an interface with XDP, a filter with an action, an error with its explanation. */
export const datagrams = lazily((): ByteSeed[] => {
  const filter = nested(
    2,
    attribute(6, 1),
    attribute(7, 'filter.bpf'),
    attribute(11, 7),
    nested(1, nested(1, attribute(1, 'bpf'), nested(2, attribute(6, 'action')))),
  );
  const bodies: [number, Uint8Array][] = [
    [16, concat(new Uint8Array(16), attribute(3, 'lo'), nested(43, attribute(2, Uint8Array.of(4)), attribute(4, 9), attribute(5, 8)))],
    [44, concat(new Uint8Array(20), attribute(1, 'bpf'), filter)],
    [2, concat(u32s(-22 >>> 0), new Uint8Array(16), attribute(1, 'no such thing'))],
    [3, concat(u32s(0), attribute(1, 'done'))],
  ];
  const bytes = concat(...bodies.map(([type, body]) => concat(u32s(16 + body.length, type | 0x300_0000, 1, 0), body)));
  return [{ name: 'datagram', bytes, groups: [words(0, bytes.length), halves(bytes.length)] }];
});

function halves(length: number) {
  return Array.from({ length: length >> 1 }, (_, i) => ({ at: i * 2, width: 2 as const }));
}

function u32s(...numbers: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(numbers).buffer);
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

/** Logs of verifiers of several kernels. */
export const logs = lazily((): string[] =>
  readdirSync(`${TEST}logs`).flatMap((kernel) =>
    readdirSync(`${TEST}logs/${kernel}`).map((name) => readFileSync(`${TEST}logs/${kernel}/${name}`, 'utf8')),
  ),
);

export const kconfigs = (): string[] => [
  '#\n# Automatically generated file; DO NOT EDIT.\n# Linux/x86 7.2.0 Kernel Configuration\n#\nCONFIG_HZ=250\nCONFIG_BPF=y\n# CONFIG_X is not set\nCONFIG_LOCALVERSION="-amd64 \\"x\\""\nCONFIG_PHYSICAL_START=0x1000000\n',
  'CONFIG_HZ=-9223372036854775808\nCONFIG_BPF=m\nCONFIG_LOCALVERSION=""\nCONFIG_PHYSICAL_START=0xffffffffffffffff\nCONFIG_HZ=1\n',
];

export const symbolFiles = (): string[] => [
  'ffffffff81000000 T _text\nffffffff81000010 D jiffies\nffffffff81000020 d jiffies.llvm.123\nffffffffc0000000 t nf_hook\t[nf_tables]\nffffffffc0001000 t bpf_prog_1\t[bpf]\n',
  `${Array.from({ length: 60 }, (_, i) => `${(0xffffffff81000000n + BigInt(i) * 16n).toString(16)} t symbol_${i}`).join('\n')}\n`,
  '0000000000000000 T _text\n0000000000000000 D jiffies\n',
];

export const procTexts = (): string[] => [
  'pos:\t0\nflags:\t02000002\nmnt_id:\t16\nprog_type:\t6\nprog_jited:\t1\nprog_tag:\t3b185187f1855c4c\nmemlock:\t4096\nprog_id:\t17\n',
  'bpf /sys/fs/bpf bpf rw,nosuid,delegate_cmds=prog_load:map_create,delegate_maps=any,delegate_progs=0x100 0 0\nproc /a\\040b\\134 proc rw 0 0\n',
  '0-3,8\n0\n1-1\n6.1.0-56-amd64\n#1 SMP Debian 6.1.158-1 (2026-02-02)\nUbuntu 5.4.0-12.15-generic 5.4.8\n7.2-rc1\n',
];

export const lineTexts = (): string[] => [
  'prog show id 7 --filter name=tcp_* --filter bytes_memlock>=1M --sort -id,name:desc -jp',
  'map update pinned /sys/fs/bpf/m key hex 0a 00 0x1f 010 value id 3 noexist --for 1.5m -B file',
  'pids.comm!=systemd type<0x10 500ms 10 4294967296 -- -j { id N | [name NAME]... } PROG := x',
];

export const batchTexts = (): string[] => [
  '# what is there\nprog show\nmap dump id 7   # all of it\n\nmap update pinned "/sys/fs/bpf/a b" key hex 0a 00 \\\n  value hex 01 02 \\\n  noexist\n',
  "link detach pinned '/sys/fs/bpf/l'\r\nprog show --filter 'name=a b'\\\\\n\"\n",
];

export const typedTexts = (): string[] => [
  '{ip: "10.0.0.1", port: 80, flags: [1, 0x2, -3], name: "eth0", mac: 02:00:5e:10:00:01,}',
  '[{a: 1, b: {c: true, d: null}}, "text\\n\\u00e9", hex("0a0b"), ENUM_NAME, 1.5e3, -0x80, 2001:db8::1]',
  '18446744073709551615',
];

export const exportTexts = (): string[] => [
  '{"format":"bpf-ts map","version":1,"name":"m","type":"hash","key_size":4,"value_size":8,"max_entries":10,"flags":0}\n' +
    '{"key":{"ip":"10.0.0.1","port":80},"value":12345678901234567890}\n{"key_hex":"0a000000","value_hex":"0102030405060708"}\n',
];
