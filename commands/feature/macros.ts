import { helperName } from '../../src/kernel/helpers.js';
import type { FeatureReport, ProgTypeHelpers } from '../../src/probe/report.js';

// The only option of the kernel that programs in C have a use for: jiffies come by it.
const OPTION = 'CONFIG_HZ';

/** The report as C macros, each with `prefix` before its name, as bpftool prints it. */
export function macrosText({ system, syscall, programTypes, mapTypes, helpers, misc }: FeatureReport, prefix: string): string {
  const have = (name: string, available: boolean) => `#define ${prefix}${available ? '' : 'NO_'}HAVE_${name.toUpperCase()}`;
  const option = system?.options.filter(([name]) => name === OPTION) ?? [];
  const sections = [
    ...(system
      ? [
          section(
            'Misc kernel config items',
            option.map(([name, value]) => optionLine(prefix + name, value)),
          ),
        ]
      : []),
    section('System call availability', [have('bpf_syscall', syscall)]),
  ];
  if (!syscall) return sections.join('');
  return [
    ...sections,
    section(
      'eBPF program types',
      programTypes.map(({ name, available }) => have(`${name}_prog_type`, available)),
    ),
    section(
      'eBPF map types',
      mapTypes.map(({ name, available }) => have(`${name}_map_type`, available)),
    ),
    section('eBPF helper functions', [...usage(prefix), ...helpers.flatMap((each) => helperLines(each, prefix))]),
    section(
      'eBPF misc features',
      misc.map(({ name, available }) => have(name, available)),
    ),
  ].join('');
}

function section(title: string, lines: readonly string[]): string {
  return `${[`/*** ${title} ***/`, ...lines].join('\n')}\n\n`;
}

function optionLine(name: string, value: string | undefined): string {
  return value === undefined ? `/* ${name} is not set */` : `#define ${name} ${value}`;
}

// bpftool's own words: the output is a header file that others have.
function usage(prefix: string): string[] {
  return [
    '/*',
    ` * Use ${prefix}HAVE_PROG_TYPE_HELPER(prog_type_name, helper_name)`,
    ' * to determine if <helper_name> is available for <prog_type_name>,',
    ' * e.g.',
    ` *\t#if ${prefix}HAVE_PROG_TYPE_HELPER(xdp, bpf_redirect)`,
    ' *\t\t// do stuff with this helper',
    ' *\t#elif',
    ' *\t\t// use a workaround',
    ' *\t#endif',
    ' */',
    `#define ${prefix}HAVE_PROG_TYPE_HELPER(prog_type, helper)\t\\`,
    `\t${prefix}BPF__PROG_TYPE_ ## prog_type ## __HELPER_ ## helper`,
  ];
}

function helperLines({ programType, answers }: ProgTypeHelpers, prefix: string): string[] {
  return answers.flatMap((answer, id) =>
    answer === undefined ? [] : [`#define ${prefix}BPF__PROG_TYPE_${programType}__HELPER_${helperName(id)} ${answer ? 1 : 0}`],
  );
}
