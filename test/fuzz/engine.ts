import { isAnswer } from './attempt.js';
import type { Guide } from './guide.js';
import { Random, seedOf } from './random.js';
import type { Target } from './targets.js';

/** What an input may cost. */
const MAX_MILLISECONDS = 1000;
const MAX_BYTES = 512 * 2 ** 20;
/** Inputs between two looks at the memory that is in use; every input that took long is looked at. */
const MEMORY_EVERY = 256;
const LONG = 20;
/** Places in the stack of a failure. */
const STACK = 20;

/** An input that did what none should. */
export interface Failure {
  readonly target: string;
  readonly seed: number;
  readonly index: number;
  readonly input: Uint8Array;
  readonly reason: string;
}

export interface RunOptions {
  readonly seed: number;
  readonly first?: number;
  readonly count: number;
  /** Chooses what is damaged next by what inputs did; without it, every input follows from seed, target and index alone. */
  readonly guide?: Guide;
  /** Told before each input. */
  readonly onInput?: (index: number, input: Uint8Array) => void;
  readonly onFailure: (failure: Failure) => void;
}

/** Runs a target over inputs `first` to `first + count - 1` of a seed. */
export function fuzz(target: Target, { seed, first = 0, count, guide, onInput, onFailure }: RunOptions): void {
  using _ = withoutStacks();
  for (let index = first; index < first + count; index++) {
    const choices = new Random(seedOf(seed, target.name, index));
    const made = target.make(choices, guide?.parent(choices));
    const input = made.bytes;
    onInput?.(index, input);
    const random = () => new Random(seedOf(seed, `${target.name} read`, index));
    guide?.before();
    const reason = failureOf(target, input, random, index % MEMORY_EVERY === 0);
    guide?.after(made);
    if (reason !== undefined) onFailure({ target: target.name, seed, index, input, reason });
  }
}

/** The input of that index without a guide, which depends on nothing but seed, target and index. */
export function makeInput(target: Target, seed: number, index: number): Uint8Array {
  return target.make(new Random(seedOf(seed, target.name, index))).bytes;
}

/** What is wrong with how the target reads an input; undefined when nothing is. `random` as for {@link Target.read}, made anew for each time. */
export function failureOf(
  target: Target,
  input: Uint8Array,
  random: () => Random | undefined = () => undefined,
  lookAtMemory = true,
): string | undefined {
  const read = (): [number, unknown] => {
    const start = performance.now();
    let thrown: unknown;
    try {
      target.read(input, random());
    } catch (error) {
      thrown = error;
    }
    return [performance.now() - start, thrown];
  };
  const [milliseconds, thrown] = read();
  if (thrown !== undefined && !isAnswer(thrown)) return withStack(() => read()[1]) ?? String(thrown);
  if (milliseconds > MAX_MILLISECONDS) {
    // Another process may have had the processor, or the collector had to run: once more, and by what this process had of it.
    const before = process.cpuUsage();
    read();
    const { user, system } = process.cpuUsage(before);
    if (user + system > MAX_MILLISECONDS * 1000) return `it took ${Math.round((user + system) / 1000)} ms`;
  }
  return lookAtMemory || milliseconds > LONG ? memoryFailure() : undefined;
}

function withoutStacks(): Disposable {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  return {
    [Symbol.dispose]: () => {
      Error.stackTraceLimit = before;
    },
  };
}

/** The stack of what is thrown again. Without, an error costs a fraction, and most inputs are answered with several. */
function withStack(read: () => unknown): string | undefined {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = STACK;
  const thrown = read();
  Error.stackTraceLimit = before;
  return thrown instanceof Error ? thrown.stack : undefined;
}

let reported = MAX_BYTES;

/** The most that this process ever had in memory, and what typed arrays hold now. The first is told once for each further half gigabyte. */
function memoryFailure(): string | undefined {
  const used = Math.max(process.resourceUsage().maxRSS * 1024, process.memoryUsage().arrayBuffers);
  if (used <= reported) return undefined;
  reported = used + MAX_BYTES;
  return `it took ${Math.round(used / 2 ** 20)} MB`;
}
