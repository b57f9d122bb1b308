import { LoadTrial } from '../../native/trial.js';
import { Instructions } from '../asm/instructions.js';
import { AttachType } from '../kernel/enums.gen.js';
import type { AttachTypeName, ProgTypeName } from '../kernel/names.js';
import { PROG_TYPES, type ProgTypeRow } from '../kernel/prog-types.js';
import { kernelVersion, versionCode } from '../system/kernel-version.js';
import { type Answer, answer } from './answer.js';
import { EXIT_INSN, moveImmediate } from './programs.js';

/** How the smallest program of a type is loaded, and what the kernel says when it knows the type. */
export interface Recipe {
  readonly attach?: AttachTypeName;
  readonly sleepable?: boolean;
  /** Says the kernel's version, which kprobes had to before 5.0. */
  readonly version?: boolean;
  /** A BTF id that no program of the type can attach to, so that the kernel gets as far as looking at it. */
  readonly btfId?: number;
  /** The kernel knows the type when it refuses with this errno, and says this. */
  readonly refused?: { readonly errno: number; readonly saying: string };
}

const [EINVAL, ENOSYS, ENOTSUPP] = [22, 38, 524];
const BPF_F_SLEEPABLE = 16;

/** Types whose smallest program needs more than its instructions. The first recipe that works says yes. */
const RECIPES: Readonly<Partial<Record<ProgTypeName, readonly Recipe[]>>> = {
  KPROBE: [{ version: true }],
  CGROUP_SOCK_ADDR: [{ attach: 'CGROUP_INET4_CONNECT' }],
  CGROUP_SOCKOPT: [{ attach: 'CGROUP_GETSOCKOPT' }],
  SK_LOOKUP: [{ attach: 'SK_LOOKUP' }],
  LIRC_MODE2: [{ attach: 'LIRC_MODE2' }],
  NETFILTER: [{ attach: 'NETFILTER' }],
  SYSCALL: [{ sleepable: true }],
  STRUCT_OPS: [{ refused: { errno: ENOTSUPP, saying: '' } }],
  TRACING: [
    { attach: 'TRACE_FENTRY', btfId: 1, refused: { errno: EINVAL, saying: 'attach_btf_id 1 is not a function' } },
    // A kernel that lets nobody patch its functions refuses fentry outright, and runs tp_btf and iterators all the same.
    { attach: 'TRACE_RAW_TP', btfId: 1, refused: { errno: EINVAL, saying: 'attach_btf_id 1 is not a typedef' } },
  ],
  LSM: [{ attach: 'MODIFY_RETURN', btfId: 1, refused: { errno: EINVAL, saying: 'attach_btf_id 1 is not a function' } }],
  EXT: [{ btfId: 1, refused: { errno: EINVAL, saying: 'Cannot replace kernel functions' } }],
};

const PLAIN: readonly Recipe[] = [{}];

/** The ways to load a program of a type. */
export function recipesFor(type: ProgTypeRow): readonly Recipe[] {
  return RECIPES[type.name.toUpperCase() as ProgTypeName] ?? PLAIN;
}

/** Sets a trial up for a type: everything but its instructions. */
export function setUp(trial: LoadTrial, type: ProgTypeRow, recipe: Recipe): void {
  trial.set('prog_type', type.number);
  trial.set('expected_attach_type', recipe.attach === undefined ? 0 : AttachType[recipe.attach]);
  trial.set('prog_flags', recipe.sleepable ? BPF_F_SLEEPABLE : 0);
  trial.set('kern_version', recipe.version ? versionCode(kernelVersion()) : 0);
  trial.set('attach_btf_id', recipe.btfId ?? 0);
}

/** The options without which a kernel is built without a program type; `name` as in `sched_cls`. */
export function progTypeConfig(name: string): readonly string[] {
  return PROG_TYPES.find((type) => type?.name === name)?.config ?? [];
}

/** Asks the kernel for program types, one after another. */
export class ProgTypeProbe {
  readonly #trial: LoadTrial;

  /** @param ifindex of the interface that the programs are to be offloaded to; 0 for the kernel */
  constructor(readonly ifindex = 0) {
    // nfp refuses programs of the tc that return 0.
    const result = ifindex === 0 ? 0 : 2;
    this.#trial = new LoadTrial(Instructions.of([moveImmediate(0, result), EXIT_INSN]).bytes);
    this.#trial.set('prog_ifindex', ifindex);
  }

  /** Whether the kernel has bpf(2) at all. */
  hasSyscall(): boolean {
    return this.#trial.run() !== ENOSYS;
  }

  ask(type: ProgTypeRow): Answer {
    let errno = 0;
    for (const recipe of this.ifindex === 0 ? recipesFor(type) : PLAIN) {
      setUp(this.#trial, type, recipe);
      errno = this.#trial.run();
      if (knows(recipe, errno, this.#trial)) return answer(type, true, 0);
    }
    return answer(type, false, errno);
  }
}

function knows({ refused }: Recipe, errno: number, trial: LoadTrial): boolean {
  return refused ? errno === refused.errno && trial.log().includes(refused.saying) : errno === 0;
}
