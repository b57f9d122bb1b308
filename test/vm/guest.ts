// A guest: a kernel booted in QEMU with the host's files, read-only, and a command of the host's that runs in it as root.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotRun } from './command.js';
import { initramfs, type Kernel, SCRIPTS } from './kernel.js';

/** How the machine's instructions are carried out. */
export type Accelerator = 'kvm' | 'emulation';

/** What to run in a guest, and how. */
export interface Task {
  /** A shell command. It may write files to `/run/results`, which `results` reads. */
  readonly command: string;
  readonly accelerator: Accelerator;
  /** Seconds after which the guest is ended. */
  readonly limit: number;
  /** Gets what the command prints, as it does. */
  readonly print: (text: string) => void;
}

/** How a guest's command ended. */
export interface Ended {
  /** The command's; undefined when the guest came to its end without one, which `console` may explain. */
  readonly status: number | undefined;
  /** What it wrote to `/run/results/results.json`, if it did. */
  readonly results: string | undefined;
  /** The kernel's own words. */
  readonly console: string;
}

// With a thread for each processor, QEMU's emulation lets kernels of 7.x panic now and then.
const ACCELERATORS = {
  kvm: ['-accel', 'kvm', '-cpu', 'host'],
  emulation: ['-accel', 'tcg,thread=single', '-cpu', 'max'],
} as const;
const CHECKOUT = join(SCRIPTS, '../..');
const PROCESSORS = 2;
const MEMORY = '2048';

/** Boots a kernel, runs a command in it and ends it. @throws CannotRun when QEMU cannot be started */
export async function runInGuest(kernel: Kernel, task: Task): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), 'bpf-ts-guest-'));
  // Also when a signal ends this.
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    writeFileSync(join(folder, 'command'), commandFile(kernel, task.command));
    writeFileSync(join(folder, 'initramfs'), initramfs(kernel));
    await boot(kernel, task, folder);
    const read = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : undefined);
    const status = read('status');
    return { status: status === undefined ? undefined : Number(status), results: read('results.json'), console: read('console') ?? '' };
  } finally {
    process.off('exit', remove);
    remove();
  }
}

/** What guest.sh reads: where the kernel's own files are, and the command. */
function commandFile({ modules, config }: Kernel, command: string): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const variables = { GUEST_MODULES: modules, GUEST_CONFIG: config };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`);
  return [...lines, 'run() {', `cd ${quoted(CHECKOUT)}`, command, '}', ''].join('\n');
}

function boot(kernel: Kernel, task: Task, folder: string): Promise<void> {
  const child = spawn('qemu-system-x86_64', machine(kernel, task.accelerator, folder), { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stdout.setEncoding('utf8').on('data', task.print);
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const stop = () => child.kill('SIGKILL');
  const timer = setTimeout(stop, task.limit * 1000);
  process.once('exit', stop);
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new CannotRun(`QEMU cannot be started: ${error.message}`)));
    child.once('close', () => {
      clearTimeout(timer);
      process.off('exit', stop);
      if (complaint !== '') writeFileSync(join(folder, 'console'), `${complaint}\n`, { flag: 'a' });
      resolve();
    });
  });
}

function machine({ vmlinux, series }: Kernel, accelerator: Accelerator, folder: string): string[] {
  const words = [
    'console=ttyS0',
    'panic=-1',
    'quiet',
    // Where the host is busy an emulated timer is late: neither its check at boot nor the watchdogs are to make anything of that.
    'no_timer_check',
    'nowatchdog',
    `bpf-ts.script=${join(SCRIPTS, 'guest.sh')}`,
    `bpf-ts.guest=${series.name}`,
    `bpf-ts.accelerator=${accelerator}`,
    series.arguments ?? '',
  ];
  const share = (tag: string, path: string, more = '') => [
    ...['-fsdev', `local,id=${tag},path=${path.replaceAll(',', ',,')},security_model=none,multidevs=remap${more}`],
    ...['-device', `virtio-9p-pci,fsdev=${tag},mount_tag=${tag}`],
  ];
  return [
    ...['-M', 'q35', ...ACCELERATORS[accelerator], '-smp', `${PROCESSORS}`, '-m', MEMORY],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...[
      '-kernel',
      vmlinux,
      '-initrd',
      join(folder, 'initramfs'),
      '-append',
      words.join(' ').trim(),
      '-serial',
      `file:${join(folder, 'console')}`,
    ],
    ...['-device', 'virtio-serial-pci', '-chardev', 'stdio,id=out,signal=off', '-device', 'virtconsole,chardev=out'],
    ...share('host', '/', ',readonly=on'),
    ...share('results', folder),
  ];
}
