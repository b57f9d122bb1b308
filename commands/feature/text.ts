import { helperName } from '../../src/kernel/helpers.js';
import type { FeatureReport, ProgTypeHelpers } from '../../src/probe/report.js';
import type { SysctlName, SystemConfig } from '../../src/probe/system-config.js';

/** What a setting means: by its value, by `none` when it cannot be read, otherwise by `other`, which may end with the value. */
interface Sentences {
  readonly [value: number]: string;
  readonly none: string;
  readonly other: (value: number) => string;
}

const SENTENCES: Readonly<Record<SysctlName, Sentences>> = {
  unprivileged_bpf_disabled: {
    0: 'bpf() syscall for unprivileged users is enabled',
    1: 'bpf() syscall restricted to privileged users (without recovery)',
    2: 'bpf() syscall restricted to privileged users (admin can change)',
    none: 'Unable to retrieve required privileges for bpf() syscall',
    other: (value) => `bpf() syscall restriction has unknown value ${value}`,
  },
  bpf_jit_enable: {
    0: 'JIT compiler is disabled',
    1: 'JIT compiler is enabled',
    2: 'JIT compiler is enabled with debugging traces in kernel logs',
    none: 'Unable to retrieve JIT-compiler status',
    other: (value) => `JIT-compiler status has unknown value ${value}`,
  },
  bpf_jit_harden: {
    0: 'JIT compiler hardening is disabled',
    1: 'JIT compiler hardening is enabled for unprivileged users',
    2: 'JIT compiler hardening is enabled for all users',
    none: 'Unable to retrieve JIT hardening status',
    other: (value) => `JIT hardening status has unknown value ${value}`,
  },
  bpf_jit_kallsyms: {
    0: 'JIT compiler kallsyms exports are disabled',
    1: 'JIT compiler kallsyms exports are enabled for root',
    none: 'Unable to retrieve JIT kallsyms export status',
    other: (value) => `JIT kallsyms exports status has unknown value ${value}`,
  },
  bpf_jit_limit: {
    none: 'Unable to retrieve global memory limit for JIT compiler for unprivileged users',
    other: (value) => `Global memory limit for JIT compiler for unprivileged users is ${value} bytes`,
  },
};

/** What a setting means, in bpftool's words. */
export function sysctlSentence(name: SysctlName, value: number | undefined): string {
  const sentences = SENTENCES[name];
  if (value === undefined || value === -1) return sentences.none;
  return sentences[value] ?? sentences.other(value);
}

/** The whole report as bpftool prints it, in sections that end with an empty line. */
export function reportText({ system, syscall, programTypes, mapTypes, helpers, misc }: FeatureReport): string {
  const sections = [
    ...(system ? [section('Scanning system configuration...', systemLines(system))] : []),
    section('Scanning system call availability...', [availability('bpf() syscall', syscall)]),
  ];
  if (!syscall) return sections.join('');
  return [
    ...sections,
    section(
      'Scanning eBPF program types...',
      programTypes.map(({ name, available }) => availability(`eBPF program_type ${name}`, available)),
    ),
    section(
      'Scanning eBPF map types...',
      mapTypes.map(({ name, available }) => availability(`eBPF map_type ${name}`, available)),
    ),
    section('Scanning eBPF helper functions...', helpers.map(helperLines)),
    section(
      'Scanning miscellaneous eBPF features...',
      misc.map(({ title, available }) => availability(title, available)),
    ),
  ].join('');
}

function section(title: string, lines: readonly string[]): string {
  return `${[title, ...lines].join('\n')}\n\n`;
}

function availability(feature: string, available: boolean): string {
  return `${feature} is ${available ? '' : 'NOT '}available`;
}

function systemLines({ sysctls, options }: SystemConfig): string[] {
  return [
    ...sysctls.map(([name, value]) => sysctlSentence(name, value)),
    ...options.map(([name, value]) => (value === undefined ? `${name} is not set` : `${name} is set to ${value}`)),
  ];
}

function helperLines({ programType, available, answers }: ProgTypeHelpers): string {
  const lines = [`eBPF helpers supported for program type ${programType}:`];
  for (const [id, answer] of answers.entries()) if (answer) lines.push(`\t- ${helperName(id)}`);
  if (lines.length === 1) lines.push(available ? '\tCould not determine which helpers are available' : '\tProgram type not supported');
  return lines.join('\n');
}
