import { NETFILTER_FAMILIES, netfilterHookName } from '../../src/kernel/netfilter-names.js';
import { type ListedFilter, type ListedTc, type NetAttachments, netAttachments } from '../../src/link/net.js';
import { programNameIfAny } from '../../src/program/name.js';
import { type Interface, requireInterface } from '../../src/system/interfaces.js';
import { type Column, list, type Part, part, subcommand, type TitledTable, titledTable } from '../command.js';
import type { Words } from '../line/words.js';
import { netfilterFields, netfilterText } from '../link/kinds.js';

/** `net show|list [dev NAME]` */
export const show = subcommand<NetAttachments>({
  name: 'show',
  aliases: ['list'],
  summary: 'List what is attached in this network namespace, or to one interface',
  grammar: '[dev NAME]',
  examples: ['bpf-ts net show', 'bpf-ts -j net show dev eth0'],
  run: (words) => {
    const ifindex = words.left === 0 ? undefined : takeDevice(words);
    words.end();
    return list([netAttachments(ifindex)]);
  },
  plain,
  json,
  tables,
  parts: parts(),
});

/** Takes `dev NAME`. */
export function takeDevice(words: Words): number {
  words.choose('an interface', ['dev']);
  return requireInterface(words.next('the name of the interface'));
}

function plain({ xdp, tc, flowDissector, netfilter }: NetAttachments): string {
  const sections = {
    xdp: xdp.map(xdpText).join(''),
    tc: tc.map((each) => ('progId' in each ? tcxText(each) : filterText(each))).join(''),
    flow_dissector: flowDissector === undefined ? '' : `id ${flowDissector}`,
    netfilter: netfilter.map(({ target, progId }) => `${netfilterText(target)} prog_id ${progId}`).join(''),
  };
  return Object.entries(sections)
    .map(([name, text]) => `${name}:\n${text}\n`)
    .join('');
}

function json(row: NetAttachments): unknown {
  return Object.fromEntries(parts().map(({ name, items, json }) => [name, items(row).map(json)]));
}

function parts(): Part<NetAttachments>[] {
  return [
    part<NetAttachments, Interface>({
      name: 'xdp',
      items: ({ xdp }) => xdp,
      withItems: (row, xdp) => ({ ...row, xdp: [...xdp] }),
      json: xdpFields,
    }),
    part<NetAttachments, ListedTc | ListedFilter>({
      name: 'tc',
      items: ({ tc }) => tc,
      withItems: (row, tc) => ({ ...row, tc: [...tc] }),
      json: (each) => ('progId' in each ? tcxFields(each) : filterFields(each)),
    }),
    part<NetAttachments, number>({
      name: 'flow_dissector',
      items: ({ flowDissector }) => (flowDissector === undefined ? [] : [flowDissector]),
      withItems: (row, [flowDissector]) => ({ ...row, flowDissector }),
      json: (id) => ({ id }),
    }),
    part<NetAttachments, NetAttachments['netfilter'][number]>({
      name: 'netfilter',
      items: ({ netfilter }) => netfilter,
      withItems: (row, netfilter) => ({ ...row, netfilter: [...netfilter] }),
      json: ({ target, progId }) => ({ ...netfilterFields(target), id: progId }),
    }),
  ];
}

function xdpText({ name, ifindex, xdp }: Interface): string {
  return `${name}(${ifindex})${xdp.map(({ mode, progId }) => ` ${mode} id ${progId}`).join('')}\n`;
}

function xdpFields({ name, ifindex, xdp, multi }: Interface): unknown {
  const programs = xdp.map(({ mode, progId }) => ({ mode, id: progId }));
  return { devname: name, ifindex, ...(multi ? { multi_attachments: programs } : programs[0]) };
}

function tcxText({ devname, ifindex, kind, name, progId, flags, linkId, linkFlags }: ListedTc): string {
  return [
    `${devname}(${ifindex}) ${kind}`,
    name && ` ${name}`,
    ` prog_id ${progId} `,
    flags !== 0 &&
      `prog_flags ${bits(flags)
        .map((bit) => `${bit} `)
        .join('')}`,
    linkId !== 0 && `link_id ${linkId} `,
    linkId !== 0 &&
      linkFlags !== 0 &&
      `link_flags ${bits(linkFlags)
        .map((bit) => `${bit} `)
        .join('')}`,
    '\n',
  ]
    .filter(Boolean)
    .join('');
}

function tcxFields({ devname, ifindex, kind, name, progId, flags, linkId, linkFlags }: ListedTc): unknown {
  return {
    devname,
    ifindex,
    kind,
    name: name || undefined,
    prog_id: progId,
    prog_flags: bits(flags),
    link_id: linkId,
    link_flags: bits(linkFlags),
  };
}

/** The bits that are set, each as its value. */
function bits(flags: number): number[] {
  return Array.from({ length: 32 }, (_, bit) => (flags & (1 << bit)) >>> 0).filter((value) => value !== 0);
}

function filterText({ devname, ifindex, kind, name, id, actions }: ListedFilter): string {
  return [
    `${devname}(${ifindex}) ${kind}`,
    name !== undefined && ` ${name}`,
    id !== undefined && ` id ${id}`,
    actions &&
      ` act [${actions.map((action) => `{${action.name ?? ''}${action.progId === undefined ? '' : ` id ${action.progId}`}}`).join('')}] `,
    '\n',
  ]
    .filter(Boolean)
    .join('');
}

function filterFields({ devname, ifindex, kind, name, id, actions }: ListedFilter): unknown {
  return { devname, ifindex, kind, name, id, act: actions?.map((action) => ({ name: action.name, id: action.progId })) };
}

function tables({ xdp, tc, flowDissector, netfilter }: NetAttachments): TitledTable[] {
  return [
    titledTable(
      'XDP',
      XDP_COLUMNS,
      xdp.flatMap(({ name, ifindex, xdp: programs }) => programs.map((program) => ({ name, ifindex, ...program }))),
    ),
    titledTable('Traffic control', TC_COLUMNS, tc),
    titledTable(
      'Flow dissector',
      [
        { title: 'Program', cell: (id) => id, align: 'right', colour: 'id' },
        { title: 'Name', cell: programNameIfAny, colour: 'name' },
      ],
      flowDissector === undefined ? [] : [flowDissector],
    ),
    titledTable('Netfilter', NETFILTER_COLUMNS, netfilter),
  ];
}

const XDP_COLUMNS: readonly Column<{ name: string; ifindex: number; mode: string; progId: number }>[] = [
  { title: 'Interface', cell: (row) => row.name, colour: 'name' },
  { title: 'Index', cell: (row) => row.ifindex, align: 'right' },
  { title: 'Mode', cell: (row) => row.mode, colour: 'type' },
  { title: 'Program', cell: (row) => row.progId, align: 'right', colour: 'id' },
  { title: 'Name', cell: (row) => programNameIfAny(row.progId), colour: 'name' },
];

const TC_COLUMNS: readonly Column<ListedTc | ListedFilter>[] = [
  { title: 'Interface', cell: (row) => row.devname, colour: 'name' },
  { title: 'Index', cell: (row) => row.ifindex, align: 'right' },
  { title: 'Hook', cell: (row) => row.kind, colour: 'type' },
  { title: 'Program', cell: (row) => ('progId' in row ? row.progId : row.id), align: 'right', colour: 'id' },
  { title: 'Name', cell: (row) => row.name, colour: 'name' },
  { title: 'Link', cell: (row) => ('progId' in row ? row.linkId || undefined : undefined), align: 'right', colour: 'id' },
];

const NETFILTER_COLUMNS: readonly Column<NetAttachments['netfilter'][number]>[] = [
  { title: 'Family', cell: ({ target }) => NETFILTER_FAMILIES[target.pf] ?? target.pf, colour: 'type' },
  { title: 'Hook', cell: ({ target }) => netfilterHookName(target.pf, target.hook) ?? target.hook, colour: 'type' },
  { title: 'Priority', cell: ({ target }) => target.priority, align: 'right' },
  { title: 'Program', cell: (row) => row.progId, align: 'right', colour: 'id' },
  { title: 'Name', cell: (row) => programNameIfAny(row.progId), colour: 'name' },
];
