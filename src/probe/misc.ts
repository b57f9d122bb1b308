import { LoadTrial } from '../../native/trial.js';
import { type Instruction, Instructions } from '../asm/instructions.js';
import { BPF_JA, BPF_JEQ, BPF_JLT, BPF_JNE } from '../asm/opcode.js';
import { ProgType } from '../kernel/enums.gen.js';
import { type Answer, answer } from './answer.js';
import { EXIT_INSN, jump32, jump64, moveImmediate, subtractImmediate } from './programs.js';

/** A feature that a program shows by being loaded. */
interface ProgramFeature {
  /** As bpftool calls it in JSON and, in capitals, in C. */
  readonly name: string;
  /** As bpftool calls it in plain text. */
  readonly title: string;
  readonly since: string;
  readonly program: () => readonly Instruction[];
}

// BPF_MAXINSNS, which was the limit for everyone before 5.2 and is that of unprivileged users since.
const FORMER_LIMIT = 4096;

export const PROGRAM_FEATURES: readonly ProgramFeature[] = [
  {
    name: 'large_insn_limit',
    title: 'Large program size limit',
    since: '5.2',
    program: () => [...Array<Instruction>(FORMER_LIMIT).fill(moveImmediate(0, 1)), EXIT_INSN],
  },
  {
    name: 'bounded_loops',
    title: 'Bounded loop support',
    since: '5.3',
    program: () => [moveImmediate(0, 10), subtractImmediate(0, 1), jump64(BPF_JNE, 0, 0, -2), EXIT_INSN],
  },
  {
    name: 'v2_isa_extension',
    title: 'ISA extension v2',
    since: '4.14',
    program: () => [moveImmediate(0, 0), jump64(BPF_JLT, 0, 0, 1), moveImmediate(0, 1), EXIT_INSN],
  },
  {
    name: 'v3_isa_extension',
    title: 'ISA extension v3',
    since: '5.1',
    program: () => [moveImmediate(0, 0), jump32(BPF_JLT, 0, 0, 1), moveImmediate(0, 1), EXIT_INSN],
  },
  {
    name: 'v4_isa_extension',
    title: 'ISA extension v4',
    since: '6.6',
    program: () => [moveImmediate(0, 0), jump32(BPF_JEQ, 0, 1, 1), jump32(BPF_JA, 0, 1, 0), moveImmediate(0, 1), EXIT_INSN],
  },
];

/** An answer with the words that bpftool has for the feature. */
export interface TitledAnswer extends Answer {
  readonly title: string;
}

/** Asks the kernel for each of {@link PROGRAM_FEATURES}; with `ifindex`, a device's driver. */
export function probeProgramFeatures(ifindex = 0): TitledAnswer[] {
  return PROGRAM_FEATURES.map((feature) => {
    const trial = new LoadTrial(Instructions.of(feature.program()).bytes);
    trial.set('prog_type', ProgType.SOCKET_FILTER);
    trial.set('prog_ifindex', ifindex);
    const errno = trial.run();
    return { ...answer(feature, errno === 0, errno), title: feature.title };
  });
}
