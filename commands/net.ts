import { UsageError } from '../src/errors.js';
import { attachToInterface, detachFromInterface, type NetPlace } from '../src/link/net-attach.js';
import { done, type ObjectCommand, subcommand } from './command.js';
import type { Words } from './line/words.js';
import { show, takeDevice } from './net/show.js';
import { INVALID, withStatus } from './print/errno-status.js';
import { TERMS, takeProgram } from './reference/reference.js';

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
    show,
    subcommand({
      name: 'attach',
      summary: 'Attach a program to an interface, without a link: it stays until it is detached',
      grammar: 'ATTACH_TYPE PROG dev NAME [{ overwrite | prepend }]',
      examples: ['bpf-ts net attach xdpdrv id 7 dev eth0 overwrite', 'bpf-ts net attach tcx_ingress name filter dev eth0 prepend'],
      failure: { other: INVALID },
      run: (words) => {
        const place = takePlace(words);
        using program = takeProgram(words);
        const ifindex = takeDevice(words);
        const option = takeOption(words, place);
        withStatus(() => attachToInterface(ifindex, place, program, option));
        return done;
      },
    }),
    subcommand({
      name: 'detach',
      summary: 'Detach the XDP program of an interface, or the first of tcx',
      grammar: 'ATTACH_TYPE dev NAME',
      examples: ['bpf-ts net detach xdp dev eth0'],
      failure: { other: INVALID },
      run: (words) => {
        const place = takePlace(words);
        const ifindex = takeDevice(words);
        words.end();
        withStatus(() => detachFromInterface(ifindex, place));
        return done;
      },
    }),
  ],
  terms: [`ATTACH_TYPE := { ${Object.keys(PLACES).join(' | ')} }`, TERMS.program],
};

function takePlace(words: Words): NetPlace {
  return PLACES[words.choose('ATTACH_TYPE', Object.keys(PLACES))]!;
}

function takeOption(words: Words, place: NetPlace): { overwrite?: boolean; prepend?: boolean } {
  if (words.left === 0) return {};
  const option = words.choose('an option', ['overwrite', 'prepend']);
  words.end();
  const fits = option === ('xdp' in place ? 'overwrite' : 'prepend');
  if (!fits) throw new UsageError(`'${option}' is only for ${option === 'overwrite' ? 'xdp' : 'tcx_ingress and tcx_egress'}`);
  return { [option]: true };
}
