import { progTestRun } from '../../native/bpf.js';
import { isErrno } from '../../native/error.js';

/** What a program is run on. All of it may be left out; what a type takes is the kernel's affair (bpf_prog_test_run_* in net/bpf/test_run.c). */
export interface RunRequest {
  /** The packet, or whatever the type takes as its data. */
  readonly data?: Uint8Array | undefined;
  /** The context (struct __sk_buff, xdp_md, bpf_sk_lookup, ...). */
  readonly context?: Uint8Array | undefined;
  /** How many bytes of data and context to take back; 0 for none. */
  readonly dataRoom?: number;
  readonly contextRoom?: number;
  /** How often; once when missing. Some types (raw tracepoints, syscall) take no number at all. */
  readonly repeat?: number;
  readonly flags?: number;
  readonly cpu?: number;
}

export interface RunResult {
  /** The program's return value, as an unsigned 32-bit number. */
  readonly returnValue: number;
  /** One run, on average, in nanoseconds. */
  readonly duration: number;
  /** Data and context as the program left them. */
  readonly data: Uint8Array;
  readonly context: Uint8Array;
}

/** Runs a program by its descriptor; `type` names its type in errors. ENOSPC (more came out than there was room for) is an error, as with bpftool. */
export function testRun(fd: number, type: string, request: RunRequest): RunResult {
  const data = new Uint8Array(request.dataRoom ?? 0);
  const context = new Uint8Array(request.contextRoom ?? 0);
  const result = attempt(type, request, () =>
    progTestRun({
      prog_fd: fd,
      repeat: request.repeat,
      flags: request.flags,
      cpu: request.cpu,
      ...into('data_in', 'data_size_in', request.data),
      ...into('ctx_in', 'ctx_size_in', request.context),
      ...into('data_out', 'data_size_out', data),
      ...into('ctx_out', 'ctx_size_out', context),
    }),
  );
  return {
    returnValue: result.retval,
    duration: result.duration,
    data: data.subarray(0, result.data_size_out),
    context: context.subarray(0, result.ctx_size_out),
  };
}

/** A buffer and its size, both left out when there is nothing in it: some types refuse any address for what they do not take. */
function into(address: string, size: string, bytes: Uint8Array | undefined): Record<string, Uint8Array | number> {
  return bytes === undefined || bytes.length === 0 ? {} : { [address]: bytes, [size]: bytes.length };
}

function attempt<T>(type: string, request: RunRequest, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (isErrno(error, 'ENOTSUPP', 'EOPNOTSUPP')) throw new Error(`programs of type ${type} cannot be run by request`, { cause: error });
    if (isErrno(error, 'ENOSPC')) throw new Error('more data came out than there is room for', { cause: error });
    if (isErrno(error, 'EINVAL'))
      throw new Error(`the kernel does not take ${inputText(request)} for programs of type ${type}`, { cause: error });
    throw error;
  }
}

function inputText({ data, context, repeat }: RunRequest): string {
  const said = [
    data && `${data.length} bytes of data`,
    context && `${context.length} bytes of context`,
    repeat !== undefined && `${repeat} repetitions`,
  ].filter(Boolean);
  return said.length === 0 ? 'a run without data' : said.join(' with ');
}
