import { helperName } from '../../src/kernel/helpers.js';
import { type FeatureReport, type ProbeOptions, probeFeatures } from '../../src/probe/report.js';
import { requireInterface } from '../../src/system/interfaces.js';
import { becomeUnprivileged, missingCapabilities } from '../../src/system/privileges.js';
import { one, subcommand } from '../command.js';
import { GrammarError, type Words } from '../line/words.js';
import { macrosText } from './macros.js';
import { featureTables } from './tables.js';
import { reportText } from './text.js';

interface Row {
  readonly report: FeatureReport;
  /** What stands before each name when C macros were asked for. */
  readonly prefix: string | undefined;
}

export const probe = subcommand<Row>({
  name: 'probe',
  summary: 'Ask the kernel, or the driver of an interface, which program types, map types, helpers and other features it has',
  grammar: '[COMPONENT] [full] [unprivileged] [macros [prefix PREFIX]]',
  examples: ['bpf-ts feature probe', 'bpf-ts -j feature probe | jq .map_types', 'bpf-ts feature probe kernel macros prefix BPF_TS_'],
  run: (words) => {
    const wanted = readWords(words);
    if (wanted.unprivileged) becomeUnprivileged();
    else requireCapabilities();
    return one({ report: probeFeatures(wanted), prefix: wanted.prefix });
  },
  plain: ({ report, prefix }) => (prefix === undefined ? reportText(report) : macrosText(report, prefix)),
  json: ({ report }) => reportJson(report),
  tables: ({ report }) => featureTables(report),
});

interface Wanted extends ProbeOptions {
  full: boolean;
  device?: { readonly name: string; readonly ifindex: number };
  unprivileged: boolean;
  prefix: string | undefined;
}

function readWords(words: Words): Wanted {
  const wanted: Wanted = { full: false, unprivileged: false, prefix: undefined };
  let component: string | undefined;
  while (words.left > 0) {
    const isDevice = words.is('dev');
    if (isDevice || words.is('kernel')) {
      if (component !== undefined) throw new GrammarError(`what to probe was already said: ${component}`);
      component = words.next('COMPONENT');
      if (isDevice) wanted.device = readDevice(words);
    } else if (words.takeIf('full')) wanted.full = true;
    else if (wanted.prefix === undefined && words.takeIf('macros')) wanted.prefix = words.takeIf('prefix') ? words.next('PREFIX') : '';
    else if (words.is('prefix')) throw new GrammarError("'prefix' goes behind 'macros', once");
    else if (words.takeIf('unprivileged')) wanted.unprivileged = true;
    else throw new GrammarError(`expected 'kernel', 'dev', 'full', 'macros' or 'unprivileged', got '${words.peek}'`);
  }
  return wanted;
}

function readDevice(words: Words): { name: string; ifindex: number } {
  const name = words.next('NAME');
  return { name, ifindex: requireInterface(name) };
}

function requireCapabilities(): void {
  const missing = missingCapabilities('CAP_BPF', 'CAP_NET_ADMIN', 'CAP_PERFMON');
  if (missing.length === 0) return;
  throw new Error(`probe all features: this needs ${missing.join(', ')}; run as root, or ask with 'unprivileged' what can be used without`);
}

function reportJson({ system, syscall, programTypes, mapTypes, helpers, misc }: FeatureReport): unknown {
  const config = system && {
    system_config: Object.fromEntries([
      ...system.sysctls.map(([name, value]) => [name, value ?? -1]),
      ...system.options.map(([name, value]) => [name, value ?? null]),
    ]),
  };
  const base = { ...config, syscall_config: { have_bpf_syscall: syscall } };
  if (!syscall) return base;
  return {
    ...base,
    program_types: Object.fromEntries(programTypes.map(({ name, available }) => [`have_${name}_prog_type`, available])),
    map_types: Object.fromEntries(mapTypes.map(({ name, available }) => [`have_${name}_map_type`, available])),
    helpers: Object.fromEntries(helpers.map(({ programType, answers }) => [`${programType}_available_helpers`, names(answers)])),
    misc: Object.fromEntries(misc.map(({ name, available }) => [`have_${name}`, available])),
  };
}

/** The names of the helpers that are there. */
function names(answers: readonly (boolean | undefined)[]): string[] {
  return answers.flatMap((available, id) => (available ? [helperName(id)!] : []));
}
