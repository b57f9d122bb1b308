// The main job, shown: `npm run demo`. It makes a network namespace with a veth pair, loads a packet counter, attaches it to XDP, sends traffic and
// shows what bpf-ts says of it. Namespace and bpffs belong to this process, so nothing stays behind however it ends.
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { addAddress, createVethPair, interfaceIndex, setInterfaceUp } from '../../native/interfaces.js';
import { MountFlag, mount, NamespaceFlag, unmount, unshare } from '../../native/system.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const TOOL = join(ROOT, 'bin/bpf-ts.js');
const OBJECT = 'examples/demo/packet-counter.bpf.o';
const PACKETS = 5;
const ALL_NODES = 'ff02::1';

/** Why the demo cannot run here, as one sentence; undefined when it can. */
function obstacle(): string | undefined {
  if (process.platform !== 'linux') return `The demo needs Linux: bpf() is a system call of its kernel, and this is ${process.platform}.`;
  if (process.getuid?.() !== 0) return 'The demo needs root, to make a network namespace and load a program: run it with sudo.';
  return undefined;
}

/** Runs the tool as a person would, with its output on this terminal. */
function bpfTs(...words: string[]): Promise<void> {
  console.log(`\n$ bpf-ts ${words.join(' ')}`);
  const child = spawn(process.execPath, [TOOL, ...words], { stdio: 'inherit', cwd: ROOT });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`bpf-ts ${words[0]} ${words[1]} ended with ${code}`))));
  });
}

/** Sends UDP packets out of `device`; they arrive at the other end of the pair. */
async function sendTraffic(device: string): Promise<void> {
  const socket = createSocket('udp6');
  await new Promise<void>((resolve) => socket.bind(0, resolve));
  for (let i = 0; i < PACKETS; i++) {
    await new Promise<void>((resolve, reject) => {
      socket.send(`packet ${i}`, 5353, `${ALL_NODES}%${device}`, (error) => (error ? reject(error) : resolve()));
    });
  }
  socket.close();
  // XDP has counted when the packet has crossed the pair, which is when its softirq ran.
  await sleep(100);
}

function makeNetwork(): void {
  unshare(NamespaceFlag.NEWNET | NamespaceFlag.NEWNS);
  createVethPair('demo0', 'demo1');
  for (const [index, name] of ['demo0', 'demo1'].entries()) {
    const ifindex = interfaceIndex(name)!;
    setInterfaceUp(ifindex);
    addAddress(ifindex, `fd00::${index + 1}`, 64);
  }
}

/** A bpffs that only this process and its children see. */
function mountBpffs(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bpf-ts-demo-'));
  mount('none', '/', '', MountFlag.REC | MountFlag.PRIVATE);
  mount('bpf', folder, 'bpf', 0);
  return folder;
}

async function main(): Promise<void> {
  makeNetwork();
  const bpffs = mountBpffs();
  const clean = () => {
    const MNT_DETACH = 2;
    unmount(bpffs, MNT_DETACH);
    rmdirSync(bpffs);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
  process.once('exit', clean);

  console.log('A network namespace with a veth pair, demo0 and demo1, is ready.');
  await bpfTs('prog', 'loadall', OBJECT, `${bpffs}/progs`, 'pinmaps', `${bpffs}/maps`);
  await bpfTs('link', 'attach', 'pinned', `${bpffs}/progs/count_packets`, 'xdp', 'demo0', 'pin', `${bpffs}/link`);
  console.log(`\nSending ${PACKETS} UDP packets from demo1 to demo0 ...`);
  await sendTraffic('demo1');
  await bpfTs('prog', 'show', 'pinned', `${bpffs}/progs/count_packets`);
  await bpfTs('link', 'show', 'pinned', `${bpffs}/link`);
  await bpfTs('map', 'dump', 'pinned', `${bpffs}/maps/traffic_by_protocol`);
  console.log('\nProtocol 17 is UDP, 58 is ICMPv6. The namespace, the program, its map and its link are gone when this ends.');
}

const reason = obstacle();
if (reason) {
  console.error(reason);
  process.exitCode = 1;
} else {
  await main();
}
