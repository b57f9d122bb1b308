import { UsageError } from '../../src/errors.js';
import { BPF_F_ALLOW, type CgroupProgram, cgroupPrograms, cgroupTree } from '../../src/link/cgroup.js';
import { cgroupRoot } from '../../src/system/cgroups.js';
import { type Column, list, subcommand, titledTable } from '../command.js';
import type { Words } from '../line/words.js';

interface TreeRow {
  readonly cgroup: string;
  readonly level: number;
  readonly programs: readonly CgroupProgram[];
  readonly effective: boolean;
}

/** `cgroup show|list CGROUP [effective]` */
export const show = subcommand<CgroupProgram>({
  name: 'show',
  aliases: ['list'],
  summary: 'List the programs attached to a cgroup; effective: all that run for it, those of its ancestors too',
  grammar: 'CGROUP [effective]',
  examples: ['bpf-ts cgroup show /sys/fs/cgroup/app', 'bpf-ts -j cgroup show /sys/fs/cgroup/app effective'],
  run: (words) => {
    const path = words.next('CGROUP');
    return list(cgroupPrograms(path, takeEffective(words)));
  },
  heading: (first) => titles(first.flags === undefined),
  plain: line,
  json: fields,
  columns: columns(),
});

/** `cgroup tree [CGROUP_ROOT] [effective]` */
export const tree = subcommand<TreeRow>({
  name: 'tree',
  summary: 'List the programs of a cgroup and of all cgroups below it',
  grammar: '[CGROUP_ROOT] [effective]',
  examples: ['bpf-ts cgroup tree', 'bpf-ts cgroup tree /sys/fs/cgroup/app effective'],
  run: (words) => {
    const root = words.left === 0 ? standardRoot() : words.next('CGROUP_ROOT');
    const effective = takeEffective(words);
    return list(treeRows(root, effective), (count) => (count === 0 ? treeTitles(effective) : ''));
  },
  heading: (first) => treeTitles(first.effective),
  plain: treeText,
  json: (row) => ({ cgroup: row.cgroup, programs: row.programs.map(fields) }),
  tables: (row) => [titledTable(row.cgroup, columns(), row.programs)],
});

function takeEffective(words: Words): boolean {
  const effective = words.takeIf('effective');
  words.end();
  return effective;
}

function standardRoot(): string {
  const root = cgroupRoot();
  if (root === undefined) throw new UsageError('no cgroup2 file system is mounted; name a directory of one');
  return root;
}

function* treeRows(root: string, effective: boolean): Generator<TreeRow> {
  for (const { path, level, programs } of cgroupTree(root, effective)) yield { cgroup: path, level, programs, effective };
}

const WIDTH = 15;
const cell = (text: string) => text.padEnd(WIDTH);

function titles(effective: boolean): string {
  const names = effective ? ['AttachType', 'Name'] : ['AttachType', 'AttachFlags', 'Name'];
  return `${'ID'.padEnd(8)} ${names.map(cell).join(' ')}\n`;
}

function treeTitles(effective: boolean): string {
  return `CgroupPath\n${titles(effective)}`;
}

function treeText({ cgroup, level, programs }: TreeRow): string {
  const indent = level > 0 ? '    ' : '';
  return `${cgroup}\n${programs.map((program) => indent + line(program)).join('')}`;
}

function line(program: CgroupProgram): string {
  const cells = [
    cell(program.attach.toLowerCase()),
    program.flags === undefined ? undefined : cell(flagsText(program.flags)),
    cell(program.name),
  ];
  return `${String(program.id).padEnd(8)} ${cells.filter((text) => text !== undefined).join(' ')}${functionText(program)}\n`;
}

// A program without a target has an empty name in this column.
function functionText({ attachBtfName = '', attachBtfObjectId, attachBtfId }: CgroupProgram): string {
  if (attachBtfName === '' && attachBtfId !== 0) return ` attach_btf_obj_id=${attachBtfObjectId} attach_btf_id=${attachBtfId}`;
  return ` ${cell(attachBtfName)}`;
}

function flagsText(flags: number): string {
  if (flags === 0) return '';
  const name = Object.entries(BPF_F_ALLOW).find(([, value]) => value === flags)?.[0];
  return name ?? `unknown(${flags.toString(16)})`;
}

function fields(program: CgroupProgram): Record<string, unknown> {
  return {
    id: program.id,
    attach_type: program.attach.toLowerCase(),
    attach_flags: program.flags === undefined ? undefined : flagsText(program.flags),
    name: program.name,
    attach_btf_name: program.attachBtfName,
    attach_btf_obj_id: program.attachBtfObjectId,
    attach_btf_id: program.attachBtfId,
  };
}

function columns(): Column<CgroupProgram>[] {
  return [
    { title: 'ID', cell: (row) => row.id, align: 'right', colour: 'id' },
    { title: 'Attach type', cell: (row) => row.attach.toLowerCase(), colour: 'type' },
    { title: 'Flags', cell: (row) => (row.flags === undefined ? '' : flagsText(row.flags)) },
    { title: 'Name', cell: (row) => row.name, colour: 'name' },
    { title: 'Function', cell: (row) => row.attachBtfName },
  ];
}
