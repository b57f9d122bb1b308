import { LoadTrial } from '../../native/trial.js';
import { Instructions } from '../asm/instructions.js';
import { HELPERS } from '../kernel/enums.gen.js';
import { helperId } from '../kernel/helpers.js';
import type { ProgTypeRow } from '../kernel/prog-types.js';
import { readTextIfAny } from '../system/read-file.js';
import { recipesFor, setUp } from './prog-types.js';
import { callHelper, EXIT_INSN, moveRegister } from './programs.js';

/** By a helper's number: whether programs of a type may call it; undefined where it was not asked for. */
export type HelperAnswers = readonly (boolean | undefined)[];

// Types whose programs cannot be loaded without something to attach to, so that the kernel cannot be asked.
const UNASKED = new Set(['tracing', 'ext', 'lsm', 'struct_ops']);

// The kernel writes into its log when a program is loaded that calls one of these.
const LOUD = ['trace_printk', 'trace_vprintk', 'probe_write_user'].map(helperId);

/**
 * What the verifier says of a helper that it does not know at all, or not in programs of the type (get_helper_proto, check_helper_call). Anything else
 * that it has to say is about how the helper is called here, without arguments.
 */
const UNKNOWN = ['unknown func ', 'program of this type cannot use helper ', 'invalid func '];

/** Types whose programs may call what those of another may: the kernel has one function for both (get_func_proto of struct bpf_verifier_ops). */
const SAME_AS: Readonly<Record<string, string>> = {
  sched_act: 'sched_cls',
  raw_tracepoint_writable: 'raw_tracepoint',
};

// What firmware of Netronome's says of a helper that it lacks.
const UNKNOWN_TO_FIRMWARE = ['not supported by FW', 'unsupported function id'];
const NETRONOME = 0x19ee;

const [EPERM, EINVAL] = [1, 22];
const MESSAGE = 160;
const CALL_SLOT = 0;
const UNWRITTEN_REGISTER = 9;

/** Asks the kernel which helpers programs may call. */
export class HelperProbe {
  readonly #trial: LoadTrial;
  readonly #known = new Map<string, HelperAnswers>();
  readonly #unknown: readonly string[];

  /**
   * @param full also asks for helpers that make the kernel write into its log
   * @param device the interface that programs are to be offloaded to
   */
  constructor(
    readonly full: boolean,
    readonly device?: { readonly name: string; readonly ifindex: number },
  ) {
    // Behind the call stands what the verifier refuses: a program that it took would have to be compiled, which takes longer than all the rest.
    const end = device ? [] : [moveRegister(0, UNWRITTEN_REGISTER)];
    this.#trial = new LoadTrial(Instructions.of([callHelper(0), ...end, EXIT_INSN]).bytes);
    this.#trial.set('prog_ifindex', device?.ifindex ?? 0);
    this.#unknown = device && vendorOf(device.name) === NETRONOME ? [...UNKNOWN, ...UNKNOWN_TO_FIRMWARE] : UNKNOWN;
  }

  /** Asks for every helper. `available` says whether this kernel has the program type. */
  ask(type: ProgTypeRow, available: boolean): HelperAnswers {
    const asked = available && !UNASKED.has(type.name);
    const known = asked ? this.#known.get(SAME_AS[type.name] ?? '') : undefined;
    if (known) return known;
    if (asked) setUp(this.#trial, type, recipesFor(type)[0]!);
    const answers = HELPERS.map((_, id) => {
      if (id === 0 || (!this.full && LOUD.includes(id))) return undefined;
      return asked && this.#has(id);
    });
    if (asked) this.#known.set(type.name, answers);
    return answers;
  }

  #has(id: number): boolean {
    this.#trial.setImmediate(CALL_SLOT, id);
    const errno = this.#trial.run();
    if (errno === EPERM) return false;
    // The kernel itself, unlike a driver, has no other errno for a helper that it does not know.
    if (errno !== EINVAL && !this.device) return true;
    const log = this.#trial.log(MESSAGE);
    return !this.#unknown.some((words) => log.includes(words));
  }
}

function vendorOf(device: string): number {
  return Number(readTextIfAny(`/sys/class/net/${device}/device/vendor`, 'latin1') ?? 0);
}
