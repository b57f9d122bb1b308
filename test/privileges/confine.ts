// Starts a program with less than it has: `node confine.js seccomp|token PROGRAM ARGUMENT...`. It ends as the program does.
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readSync, writeSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { addressOf, cText } from '../../native/memory.js';
import { systemCall, systemCallNumber } from '../../native/system.js';
import { programOf } from '../support/programs.js';

const SELF = programOf('privileges/confine');
const [how = '', ...program] = process.argv.slice(2);
const [SET_STRING, CREATE] = [1, 6];
const [HERE, EMPTY_PATH] = [-100, 4];

function run(): number {
  const [file = '', ...args] = program;
  const { status }: SpawnSyncReturns<Buffer> = spawnSync(file, args, { stdio: 'inherit' });
  return status ?? 255;
}

/** bpf(2) gives EPERM from now on, here and in what is started from here: what the default profiles of container runtimes do. */
function forbidBpf(): void {
  const [LOAD, JUMP_IF_EQUAL, RETURN] = [0x20, 0x15, 0x06];
  const [ALLOW, EPERM] = [0x7fff_0000, 0x0005_0001];
  // struct sock_filter: code, jt, jf, k. The number of the call is at byte 0 of struct seccomp_data.
  const filter = new DataView(new ArrayBuffer(32));
  const instructions = [[LOAD, 0, 0, 0], [JUMP_IF_EQUAL, 0, 1, systemCallNumber('bpf')], [RETURN, 0, 0, EPERM], [RETURN, 0, 0, ALLOW]]; // biome-ignore format: a program
  for (const [i, [code = 0, jt = 0, jf = 0, k = 0]] of instructions.entries()) {
    filter.setUint16(i * 8, code, true);
    filter.setUint8(i * 8 + 2, jt);
    filter.setUint8(i * 8 + 3, jf);
    filter.setUint32(i * 8 + 4, k, true);
  }
  const bytes = new Uint8Array(filter.buffer);
  const fprog = new DataView(new ArrayBuffer(16));
  fprog.setUint16(0, instructions.length, true);
  fprog.setBigUint64(8, BigInt(addressOf(bytes)), true);
  const [NO_NEW_PRIVS, MODE_FILTER, ALL_THREADS] = [38, 1, 1];
  systemCall('prctl', NO_NEW_PRIVS, 1, 0, 0, 0);
  systemCall('seccomp', MODE_FILTER, ALL_THREADS, new Uint8Array(fprog.buffer));
}

/**
 * In a user namespace with a BPF file system that delegates everything, on /sys/fs/bpf: opened there, since it has to be that namespace's, and told
 * what it delegates from out here, since that is for CAP_SYS_ADMIN of the first namespace.
 */
async function withToken(): Promise<number> {
  const args = ['-U', '-r', '-m', process.execPath, SELF, 'in a namespace with a token', ...program];
  const child = spawn('unshare', args, { stdio: ['inherit', 'inherit', 'inherit', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const [opened] = await Promise.race([once(child.stdio[3] as Readable, 'data'), ended]);
  const process_ = systemCall('pidfd_open', child.pid!, 0);
  const context = systemCall('pidfd_getfd', process_, Number(opened), 0);
  for (const what of ['cmds', 'maps', 'progs', 'attachs'])
    systemCall('fsconfig', context, SET_STRING, cText(`delegate_${what}`), cText('any'), 0);
  systemCall('fsconfig', context, CREATE, 0, 0, 0);
  (child.stdio[4] as Writable).end('made');
  return Number((await ended)[0]);
}

function mountGiven(): void {
  const context = systemCall('fsopen', cText('bpf'), 0);
  writeSync(3, String(context));
  readSync(4, new Uint8Array(16));
  systemCall('move_mount', systemCall('fsmount', context, 0, 0), cText(''), HERE, cText('/sys/fs/bpf'), EMPTY_PATH);
}

const WAYS: Readonly<Record<string, () => number | Promise<number>>> = {
  seccomp: () => {
    forbidBpf();
    return run();
  },
  token: withToken,
  'in a namespace with a token': () => {
    mountGiven();
    return run();
  },
};
process.exitCode = await WAYS[how]!();
