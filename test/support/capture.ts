import { spawnSync } from 'node:child_process';
import { main } from '../../commands/main.js';
import type { Sink, Streams } from '../../commands/print/sink.js';

/** What a run of the tool printed and ended with. */
export interface Captured {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** The tool that $BPF_TS names instead of what the tests compiled, such as a single executable; empty without it. */
export const executable: readonly string[] = process.env.BPF_TS?.split(' ') ?? [];

/** A sink that keeps what it gets. */
export class MemorySink implements Sink {
  #chunks: Buffer[] = [];

  write(chunk: string | Uint8Array): void {
    this.#chunks.push(Buffer.from(chunk as Uint8Array));
  }

  flush(): void {}

  get text(): string {
    return Buffer.concat(this.#chunks).toString();
  }
}

/** Streams into memory; `terminal` says that both are terminals. */
export function memoryStreams(terminal = false): Streams & { readonly out: MemorySink; readonly err: MemorySink } {
  return { out: new MemorySink(), err: new MemorySink(), isTerminal: () => terminal };
}

/** Runs a command line: in this process, or by the executable that $BPF_TS names. */
export async function capture(args: readonly string[], terminal = false): Promise<Captured> {
  const [file, ...first] = executable;
  if (file !== undefined && !terminal) {
    const { status, stdout, stderr } = spawnSync(file, [...first, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
    return { status: status ?? -1, out: stdout, err: stderr };
  }
  const streams = memoryStreams(terminal);
  const status = await main(args, streams);
  return { status, out: streams.out.text, err: streams.err.text };
}
