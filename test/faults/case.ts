import type { Making } from './things.js';

/** A command that meets faults, what it works on, and how what it leaves is judged. */
export interface Case {
  /** The subcommand, as `bpf-ts help` names it: `map dump`. */
  readonly of: string;
  /** What is special, where a subcommand has several cases. */
  readonly form?: string;
  /** The words behind the subcommand's own, as {@link Place.words} reads them. */
  readonly line?: string;
  /** Global options, which stand in front. */
  readonly options?: string;
  /** What has to be there before. */
  readonly make?: readonly Making[];
  /** What is there is used up by a run that changes no state: it is made anew before each. */
  readonly fresh?: boolean;
  /** SIGKILL leaves it done or not begun: there is one thing to be done, and that is done by one call. */
  readonly atomic?: boolean;
  /** What it prints depends on other processes, or on time. */
  readonly varies?: boolean;
  /** What it ends with when all is well; 0. */
  readonly status?: number;
  /** It has no end of its own: it gets a Ctrl-C when it waits. */
  readonly interrupted?: boolean;
  /** Every part that it loads is met with everything, for all the other cases. */
  readonly loading?: boolean;
}

export const titleOf = ({ of, form }: Case): string => (form === undefined ? of : `${of}, ${form}`);
