import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { one, subcommand } from './command.js';

/** Written in by the bundler; without it (compiled files run in place) the number is read from package.json. */
declare const BPF_TS_VERSION: string | undefined;

interface Version {
  readonly version: string;
  /** The bpftool whose grammar and output this is. */
  readonly bpftool_version: string;
  /** The libbpf whose behaviour the loader follows. */
  readonly libbpf_version: string;
  /** What bpftool tells of its build, for scripts that ask it. */
  readonly features: typeof FEATURES;
  readonly node: string;
  readonly platform: string;
  readonly kernel: string;
}

/** By what commands can do: jited code is taken apart in LLVM's spelling, programs are signed, holders of objects are shown and programs profiled. */
const FEATURES = { libbfd: false, llvm: true, crypto: true, skeletons: true, bootstrap: false } as const;

export const command = subcommand<Version>({
  name: 'version',
  summary: 'Show the version',
  run: (words) => {
    words.end();
    return one({
      version: toolVersion(),
      bpftool_version: '7.8.0',
      libbpf_version: '1.8',
      features: FEATURES,
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
      kernel: release(),
    });
  },
  plain: (v) =>
    `bpf-ts v${v.version}\nin the manner of bpftool v${v.bpftool_version}, libbpf v${v.libbpf_version}\n` +
    `features: ${there(v.features)}\n${runtime(v)}, ${v.platform}, kernel ${v.kernel}\n`,
});

function there(features: Version['features']): string {
  return Object.entries(features)
    .flatMap(([name, is]) => (is ? [name] : []))
    .join(', ');
}

/** Bun, which a single executable runs on, has a Node version too: the one whose ways it follows. */
function runtime({ node }: Version): string {
  const { bun } = process.versions;
  return bun === undefined ? `Node.js v${node}` : `Bun v${bun}`;
}

/** The version of bpf-ts. */
export function toolVersion(): string {
  return typeof BPF_TS_VERSION === 'string' ? BPF_TS_VERSION : packageVersion();
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
