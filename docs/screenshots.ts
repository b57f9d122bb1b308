// `npm run screenshots`, as root: pictures of what bpf-ts prints on a terminal, for docs/screenshots. All that is attached is in a network namespace and a bpffs of this
// process alone.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { attach } from '../src/link/attach.js';
import { loadTestObject, OwnBpffs, OwnCgroup, ownNetwork, quietPair } from '../test/support/live.js';
import { type Theme, terminalPicture } from './terminal-picture.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = `${ROOT}docs/screenshots`;
const COLUMNS = 100;

ownNetwork();
quietPair();
using bpffs = new OwnBpffs();
using cgroup = new OwnCgroup();
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
await picture('top', ['top', '--for', '2.2s', '--interval', '500ms', '--filter', 'count'], { rows: 14 });
clearInterval(busy);

// Long lists, in a narrow and a wide terminal, light and dark.
const held: Disposable[] = [];
for (let service = 0; service < 20; service++) {
  const [net, group] = [loadTestObject('hooks-net'), loadTestObject('hooks-cgroup')];
  const path = `${cgroup.path}/service-${service}`;
  mkdirSync(path);
  held.push(net, group);
  for (const { name, section } of group.spec.programs) held.push(attach(group.program(name)!, section, { cgroup: path }));
}
for (const theme of ['light', 'dark'] as const)
  for (const columns of [80, 200]) {
    const look = { rows: 24, columns, theme, shownRows: 16 };
    await picture(`prog-list-${columns}-${theme}`, ['prog', 'list', '--filter', `id>=${first}`], look);
    await picture(`link-list-${columns}-${theme}`, ['link', 'list', '--filter', 'type=cgroup'], look);
  }
for (const each of held.reverse()) each[Symbol.dispose]();

interface Terminal {
  readonly rows?: number;
  readonly columns?: number;
  readonly theme?: Theme;
  /** Of more lines those in the middle are left out. */
  readonly shownRows?: number;
}

/** Runs a command on a terminal of its own, as script(1) makes one, and draws what it printed. */
async function picture(name: string, args: readonly string[], terminal: Terminal = {}): Promise<void> {
  const { rows = 50, columns = COLUMNS, shownRows = Number.POSITIVE_INFINITY } = terminal;
  const line = [process.execPath, `${ROOT}bin/bpf-ts.js`, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', `stty rows ${rows} cols ${columns}; ${line}`, '/dev/null'], {
    cwd: ROOT,
    env: { ...process.env, TERM: 'xterm', FORCE_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (data) => {
    printed += data;
  });
  await new Promise((resolve) => child.on('close', resolve));
  const shown = withoutMiddle(printed.replaceAll(bpffs.path, '/sys/fs/bpf'), shownRows);
  const command = `bpf-ts ${args.map((word) => (/[>*| ]/.test(word) ? `'${word}'` : word)).join(' ')}`.replaceAll(
    bpffs.path,
    '/sys/fs/bpf',
  );
  writeFileSync(`${FOLDER}/${name}.svg`, terminalPicture(command, shown, columns, terminal.theme));
}

function withoutMiddle(text: string, shownRows: number): string {
  const lines = text.trimEnd().split('\n');
  if (lines.length <= shownRows) return text;
  const half = shownRows / 2;
  return [...lines.slice(0, half), `\x1b[2m⋮ ${lines.length - shownRows} more lines\x1b[22m`, ...lines.slice(-half)].join('\n');
}
