import { errnoName, errnoSentence } from '../../native/error.js';
import { kernelConfig } from '../system/kernel-config.js';
import { isOlderThan, kernelVersion } from '../system/kernel-version.js';
import { missingCapabilities } from '../system/privileges.js';

/** What the running kernel says to a feature. */
export interface Answer {
  readonly name: string;
  readonly available: boolean;
  /** The first kernel that has it, such as `5.7`. */
  readonly since: string;
  /** The errno that it was refused with; 0 when it was not refused but did not do what it should. */
  readonly errno: number;
}

/** An answer of a kernel that does not refuse, or refuses with `errno`. */
export function answer(feature: { readonly name: string; readonly since: string }, available: boolean, errno: number): Answer {
  return { name: feature.name, since: feature.since, available, errno: available ? 0 : errno };
}

/** Why this kernel has not got a feature, as far as that can be known: too old, built without it, or refused. */
export function whyNot({ since, errno }: Pick<Answer, 'since' | 'errno'>, config: readonly string[] = []): string {
  if (isOlderThan(since)) return `this kernel is ${kernelVersion().slice(0, 2).join('.')}`;
  const missing = config.find((option) => kernelConfig()?.get(option) === undefined);
  if (missing !== undefined && kernelConfig() !== undefined) return `this kernel was built without ${missing}`;
  if (errno === 0) return 'the kernel takes it for something else';
  const lacks = errnoName(errno) === 'EPERM' ? missingCapabilities('CAP_BPF', 'CAP_PERFMON', 'CAP_NET_ADMIN') : [];
  if (lacks.length > 0) return `needs ${lacks.join(', ')}`;
  return `refused: ${errnoSentence(errno)}`;
}
