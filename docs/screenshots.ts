// `npm run screenshots`, as root: pictures of what bpf-ts prints on a terminal, for docs/screenshots. All that is attached is in a network namespace and a bpffs of this
// process alone.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { attach } from '../src/link/attach.js';
import { loadTestObject, OwnBpffs, ownNetwork, quietPair } from '../test/support/live.js';
import { terminalPicture } from './terminal-picture.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = `${ROOT}docs/screenshots`;
const COLUMNS = 100;

ownNetwork();
quietPair();
using bpffs = new OwnBpffs();
using counter = loadTestObject('hooks-net');
using values = loadTestObject('map-values');
const xdp = counter.program('count_xdp')!;
xdp.pin(`${bpffs.path}/count_xdp`);
using _link = attach(xdp, 'xdp', { dev: 'near', mode: 'generic' });
const first = xdp.id;
mkdirSync(FOLDER, { recursive: true });

await picture('prog-show', ['prog', 'show', '--filter', `id>=${first}`, '--columns', 'id,type,name,tag,xlated,jited,maps,processes']);
const table = values.map('flows')!.id;
execFileSync(process.execPath, [
  `${ROOT}bin/bpf-ts.js`,
  ...[
    'map',
    'set',
    'id',
    String(table),
    `{source: "10.0.0.1", target: "10.0.0.7", port: be(443), local: 50123, protocol: TCP, mac: "52:54:00:12:34:56"}`,
  ],
  '{packets: 12, delta: -3, name: "web", peer: "2001:db8::1", open: true, ratio: 0.5}',
]);
await picture('map-dump', ['map', 'dump', 'id', String(table)]);
await picture('graph', ['graph', 'prog', 'id', String(first)]);
await picture('net-show', ['net', 'show']);
await picture('btf-show', ['btf', 'show', 'bpf_prog_stats']);
await picture('dry-run', ['prog', 'load', 'test/progs/hooks-net.bpf.o', '--dry-run']);
await picture('refused', ['prog', 'load', 'test/progs/refused.bpf.o', `${bpffs.path}/refused`]);
await picture('help', ['help', 'prog', 'load']);
const busy = setInterval(() => xdp.testRun({ data: new Uint8Array(64), repeat: 20_000 }), 20);
await picture('top', ['top', '--for', '2.2s', '--interval', '500ms', '--filter', 'count'], 14);
clearInterval(busy);

/** Runs a command on a terminal of its own, as script(1) makes one, and draws what it printed. */
async function picture(name: string, args: readonly string[], rows = 50): Promise<void> {
  const line = [process.execPath, `${ROOT}bin/bpf-ts.js`, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', `stty rows ${rows} cols ${COLUMNS}; ${line}`, '/dev/null'], {
    cwd: ROOT,
    env: { ...process.env, TERM: 'xterm', FORCE_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (data) => {
    printed += data;
  });
  await new Promise((resolve) => child.on('close', resolve));
  const shown = printed.replaceAll(bpffs.path, '/sys/fs/bpf');
  const command = `bpf-ts ${args.map((word) => (/[>*| ]/.test(word) ? `'${word}'` : word)).join(' ')}`.replaceAll(
    bpffs.path,
    '/sys/fs/bpf',
  );
  writeFileSync(`${FOLDER}/${name}.svg`, terminalPicture(command, shown, COLUMNS));
}
