import { NotSupportedError, Refusal, UsageError, VerifierError } from '../../src/errors.js';
import { denial, type Need, refusal } from '../../src/system/privileges.js';
import { Failure, needsOf, statusOf } from './failure.js';

export { Failure };

/** An error as a person gets it. */
export interface Explained {
  /** What was tried, on what, why not, what may help; without a line feed. */
  readonly sentence: string;
  readonly usage?: string;
  /** Lines to print below it, such as the last of the verifier's log. */
  readonly detail?: string;
  readonly exitCode?: number;
}

/** What is known of a refused system call, by the kernel or through Node. */
interface Refused {
  readonly code: string;
  readonly syscall: string;
  readonly reason: string;
}

/** Turns any error into one sentence. */
export function explain(error: unknown): Explained {
  const chain = causes(error);
  const said: string[] = [];
  for (const each of chain) {
    const part = phrase(each, said.length > 0);
    if (part !== '' && !said.some((before) => before.includes(part) || saysAlready(before, each))) said.push(part);
    if (saysAll(each)) break;
  }
  const refused = chain.map(refusedCall).find((call) => call !== undefined);
  const help = refused && !chain.some(saysAll) ? ADVICE[refused.code]?.(refused, neededBy(chain)) : undefined;
  const sentence = shortened(said.join(': ').replace(/\s*\n\s*/g, ' ')) || 'unknown error';
  return { sentence: help && !sentence.includes(help) ? `${sentence} (${help})` : sentence, ...below(chain) };
}

/** What somebody gave as a path or name may be a megabyte long: a sentence has its beginning and its end. */
function shortened(text: string): string {
  const words = text.replace(/\S{300,}/g, (word) => `${word.slice(0, 200)}…${word.slice(-40)}`);
  return words.length <= LONGEST ? words : `${words.slice(0, LONGEST)}…`;
}

const LONGEST = 4000;

function below(chain: readonly unknown[]): Partial<Explained> {
  const usage = chain.find((each): each is UsageError => each instanceof UsageError)?.usage;
  const more = chain.find((each): each is Failure => each instanceof Failure)?.more;
  const exitCode = chain.map(statusOf).find((status) => status !== undefined);
  return { ...(usage === undefined ? {} : { usage }), ...more, ...(exitCode === undefined ? {} : { exitCode }) };
}

function causes(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (
    let each = error;
    each !== undefined && each !== null && !chain.includes(each);
    each = each instanceof Error ? each.cause : undefined
  )
    chain.push(each);
  return chain;
}

/** "There is no program with id 7" needs no "no such file or object" behind it. */
function saysAlready(before: string, error: unknown): boolean {
  return refusedCall(error)?.code === 'ENOENT' && /\bno (program|map|link|BTF object|such)\b/.test(before);
}

/** Errors whose sentence is whole: it says what is behind it, and what may help. */
function saysAll(error: unknown): boolean {
  return [NotSupportedError, UsageError, VerifierError, Refusal].some((kind) => error instanceof kind);
}

/** What one error of a chain adds: below another one a system call adds only its reason. */
function phrase(error: unknown, below: boolean): string {
  if (!(error instanceof Error)) return String(error);
  const refused = refusedCall(error);
  if (refused) return below ? refused.reason : `${DOING[refused.syscall] ?? refused.syscall}: ${refused.reason}`;
  // A fault of ours, not of what was asked for.
  if (error instanceof TypeError || error instanceof ReferenceError) return `internal error: ${error.message}`;
  return OUT_OF_ROOM.find(([text]) => text.test(error.message))?.[1] ?? error.message;
}

// What V8 says where there is no memory for a buffer, and where text has more characters than it takes.
const OUT_OF_ROOM: readonly (readonly [RegExp, string])[] = [
  [/^Array buffer allocation failed$/, 'there is not enough memory'],
  [/^(Invalid string length|Cannot create a string longer than)/, 'it is longer than any text can be (512 MiB)'],
];

/** Reads both kinds of refusal by their fields: the native layer's SyscallError and Node's own errors of files. */
function refusedCall(error: unknown): Refused | undefined {
  const { code, syscall, reason, path, message } = error as Partial<Refused> & { path?: string; message?: string };
  if (typeof code !== 'string' || typeof syscall !== 'string') return undefined;
  if (typeof reason === 'string') return { code, syscall, reason };
  // Node says "ENOENT: no such file or directory, open '/x'".
  const text = /^[A-Z0-9]+: ([^,]*)/.exec(message ?? '')?.[1] ?? code;
  return { code, syscall: path === undefined ? syscall : `${syscall} ${path}`, reason: text };
}

// What was being done, for calls that nothing around them says it of.
const DOING: Record<string, string> = {
  BPF_PROG_GET_NEXT_ID: 'list programs',
  BPF_MAP_GET_NEXT_ID: 'list maps',
  BPF_LINK_GET_NEXT_ID: 'list links',
  BPF_BTF_GET_NEXT_ID: 'list BTF objects',
  BPF_PROG_GET_FD_BY_ID: 'open a program',
  BPF_MAP_GET_FD_BY_ID: 'open a map',
  BPF_LINK_GET_FD_BY_ID: 'open a link',
  BPF_BTF_GET_FD_BY_ID: 'open a BTF object',
};

const ADVICE: Record<string, (refused: Refused, needs: readonly Need[] | undefined) => string | undefined> = {
  EPERM: ({ syscall }, needs) => refusal(syscall, needs),
  EACCES: ({ syscall }, needs) => denial(syscall, needs),
  ENOSYS: ({ syscall }) =>
    syscall.startsWith('BPF_') || syscall === 'bpf' ? 'this kernel was built without CONFIG_BPF_SYSCALL' : undefined,
  ENOENT: ({ syscall }) => (/^\w+ \/proc\/(self|sys)\//.test(syscall) ? 'is procfs mounted on /proc?' : undefined),
  EMFILE: () => "raise 'ulimit -n'",
  ENOMEM: ({ syscall }) => (syscall === 'BPF_MAP_CREATE' ? 'fewer entries or smaller values may fit' : undefined),
};

function neededBy(chain: readonly unknown[]): readonly Need[] | undefined {
  return chain.map((each) => (each instanceof Error ? needsOf(each) : undefined)).find((needs) => needs !== undefined);
}
