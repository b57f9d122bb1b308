// Runs the command line in a process of its own, as a person would.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { executable } from './capture.js';
import { guest } from './guest.js';

// The single modules of what the tests compiled take five seconds to load in an emulated guest, the bundle half a second; test/vm has just made it.
const MAIN = guest === undefined ? './tool-main.js' : '../../../bin/bpf-ts.js';

/** The first words of a command line that runs the tool: of what the tests compiled, or of $BPF_TS. */
export const TOOL: readonly string[] =
  executable.length > 0 ? executable : [process.execPath, fileURLToPath(new URL(MAIN, import.meta.url))];

/** How a command ended. */
export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command that is running. */
export interface Running {
  readonly child: ChildProcess;
  /** Resolves with what was printed so far, once that contains `text`. */
  readonly printed: (text: string) => Promise<string>;
  readonly ended: Promise<Ended>;
}

/** Starts `bpf-ts ARGS...`. */
export function startTool(...args: string[]): Running {
  const [file, ...first] = TOOL;
  const child = spawn(file!, [...first, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  const ended = new Promise<Ended>((resolve) => child.on('close', (status) => resolve({ status, out, err })));
  child.stdout.on('data', (data) => {
    out += data;
  });
  child.stderr.on('data', (data) => {
    err += data;
  });
  const printed = async (text: string) => {
    while (!out.includes(text)) {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode} before it printed '${text}': ${err}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return out;
  };
  return { child, printed, ended };
}

/** Runs `bpf-ts ARGS...` to its end. */
export function tool(...args: string[]): Promise<Ended> {
  return startTool(...args).ended;
}
