import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { one, subcommand } from './command.js';

/** Written in by the bundler; without it (compiled files run in place) the number is read from package.json. */
declare const BPF_TS_VERSION: string | undefined;

interface Version {
  readonly version: string;
  /** The bpftool whose grammar and output this is. */
  readonly bpftool_version: string;
  readonly node: string;
  readonly platform: string;
  readonly kernel: string;
}

export const command = subcommand<Version>({
  name: 'version',
  summary: 'Show the version',
  run: (words) => {
    words.end();
    return one({
      version: toolVersion(),
      bpftool_version: '7.8.0',
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
      kernel: release(),
    });
  },
  plain: (v) => `bpf-ts v${v.version}\nin the manner of bpftool v${v.bpftool_version}\n${runtime(v)}, ${v.platform}, kernel ${v.kernel}\n`,
});

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
