import { UsageError } from '../src/errors.js';
import { type ListedFilter, type ListedTc, type NetAttachments, netAttachments } from '../src/link/net.js';
import { attachToInterface, detachFromInterface, type NetPlace } from '../src/link/net-attach.js';
import { type Interface, requireInterface } from '../src/system/interfaces.js';
import { done, list, type ObjectCommand, subcommand } from './command.js';
import { netfilterFields, netfilterText } from './link-kinds.js';
import { TERMS, takeProgram } from './reference.js';
import type { Words } from './words.js';

const PLACES: Readonly<Record<string, NetPlace>> = {
  xdp: { xdp: 'any' },
  xdpgeneric: { xdp: 'generic' },
  xdpdrv: { xdp: 'driver' },
  xdpoffload: { xdp: 'offload' },
  tcx_ingress: { tcx: 'ingress' },
  tcx_egress: { tcx: 'egress' },
};

export const command: ObjectCommand = {
  name: 'net',
  summary: 'Programs attached to network interfaces, and in the network namespace',
  subcommands: [
    subcommand<NetAttachments>({
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
    }),
    subcommand({
      name: 'attach',
      summary: 'Attach a program to an interface, without a link: it stays until it is detached',
      grammar: 'ATTACH_TYPE PROG dev NAME [{ overwrite | prepend }]',
      examples: ['bpf-ts net attach xdpdrv id 7 dev eth0 overwrite', 'bpf-ts net attach tcx_ingress name filter dev eth0 prepend'],
      run: (words) => {
        const place = takePlace(words);
        using program = takeProgram(words);
        attachToInterface(takeDevice(words), place, program, takeOption(words, place));
        return done;
      },
    }),
    subcommand({
      name: 'detach',
      summary: 'Detach the XDP program of an interface, or the first of tcx',
      grammar: 'ATTACH_TYPE dev NAME',
      examples: ['bpf-ts net detach xdp dev eth0'],
      run: (words) => {
        const place = takePlace(words);
        const ifindex = takeDevice(words);
        words.end();
        detachFromInterface(ifindex, place);
        return done;
      },
    }),
  ],
  terms: [`ATTACH_TYPE := { ${Object.keys(PLACES).join(' | ')} }`, TERMS.program],
};

function takePlace(words: Words): NetPlace {
  return PLACES[words.choose('ATTACH_TYPE', Object.keys(PLACES))]!;
}

function takeDevice(words: Words): number {
  words.choose('an interface', ['dev']);
  return requireInterface(words.next('the name of the interface'));
}

function takeOption(words: Words, place: NetPlace): { overwrite?: boolean; prepend?: boolean } {
  if (words.left === 0) return {};
  const option = words.choose('an option', ['overwrite', 'prepend']);
  words.end();
  const fits = option === ('xdp' in place ? 'overwrite' : 'prepend');
  if (!fits) throw new UsageError(`'${option}' is only for ${option === 'overwrite' ? 'xdp' : 'tcx_ingress and tcx_egress'}`);
  return { [option]: true };
}

// ---- how it reads

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

function json({ xdp, tc, flowDissector, netfilter }: NetAttachments): unknown {
  return {
    xdp: xdp.map(xdpFields),
    tc: tc.map((each) => ('progId' in each ? tcxFields(each) : filterFields(each))),
    flow_dissector: flowDissector === undefined ? [] : [{ id: flowDissector }],
    netfilter: netfilter.map(({ target, progId }) => ({ ...netfilterFields(target), id: progId })),
  };
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
