import { SyscallError } from '../../native/error.js';
import type { Program } from '../../src/program/program.js';

/** Something that a tool is to look at, made at a rate. */
export interface Workload extends Disposable {
  /** The tool's command line. */
  readonly args: readonly string[];
  readonly terminal: boolean;
  /** Takes what the tool prints. */
  take(chunk: Buffer): void;
  /** Makes so many things, once {@link ready}. */
  make(count: number): void;
  /** Whether the tool looks on already; `pid` is its process. */
  ready(pid: number): boolean;
  /** How many things were made. */
  readonly made: number;
  /** How many of them are neither told by the tool nor counted as lost: 0 in the end. */
  readonly missing: number;
  /** A few words on what became of them. */
  readonly account: string;
}

/** A kind of workload, and how many things it makes in a second when nobody says so. */
export interface WorkloadKind {
  readonly usual: number;
  readonly begin: () => Workload;
}

const PACKET = new Uint8Array(64);

/** Fewer when this process is stopped and goes on meanwhile; the program counts by itself how often it ran. */
export function runSome(program: Program, repeat: number): void {
  try {
    program.testRun({ data: PACKET, repeat });
  } catch (error) {
    if (!(error instanceof Error && error.cause instanceof SyscallError && error.cause.code === 'EINTR')) throw error;
  }
}
