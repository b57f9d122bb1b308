import { type Mount, mounts } from './mounts.js';

/** What a BPF file system delegates to those who get a token from it (BPF_TOKEN_CREATE). Since 6.9. */
export interface Delegation {
  /** Where it is mounted. */
  readonly path: string;
  /** Names as the kernel lists them: `map_create`, `any`, or a number in hexadecimal for what has no name. */
  readonly commands: readonly string[];
  readonly maps: readonly string[];
  readonly programs: readonly string[];
  readonly attachments: readonly string[];
}

const OPTION = /^delegate_(cmds|maps|progs|attachs)=?/;

/** The BPF file systems of this mount namespace that delegate something, in the order in which they are mounted. */
export function delegations(): Delegation[] {
  return mounts().filter(delegates).map(delegationOf);
}

function delegates({ type, options }: Mount): boolean {
  return type === 'bpf' && options.some((option) => OPTION.test(option));
}

/** Reads the options of a mount. */
export function delegationOf({ target, options }: Pick<Mount, 'target' | 'options'>): Delegation {
  const names = (key: string) => {
    const option = options.find((each) => each.startsWith(`delegate_${key}=`));
    return (option?.slice(option.indexOf('=') + 1) ?? '').split(':').filter((name) => name !== '');
  };
  return { path: target, commands: names('cmds'), maps: names('maps'), programs: names('progs'), attachments: names('attachs') };
}
