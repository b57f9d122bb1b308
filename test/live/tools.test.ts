// Tools in the manner of bcc's libbpf-tools, run on workloads of their own. They look at the whole system, so that they need one of their own.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { mount, unmount } from '../../native/system.js';
import { noSystemWide } from '../support/live.js';
import { startTool, tool } from '../support/tool.js';

const TOOLS = fileURLToPath(new URL('../../../test/tools/', import.meta.url));
const path = (name: string) => `${TOOLS}${name}.bpf.o`;

/** Tools that look at the same workload, in one run since a guest is slow, and what each has to say of it. */
interface Group {
  readonly workload: string;
  /** By tool. Lines begin with its name. */
  readonly says: Readonly<Record<string, RegExp>>;
  /** More arguments of `run`. */
  readonly args?: readonly string[];
}

const PORT = 4711;
const SERVE = `require('net').createServer((socket) => socket.end('hello')).listen(${PORT}, '127.0.0.1', function () {
  require('net').connect(${PORT}, '127.0.0.1').on('close', () => this.close()).resume();
})`;

/** A tool's map of histograms, one with this line above its bars. */
function bars(map: string, headline: string): RegExp {
  return new RegExp(
    String.raw`^map ${map} \(id \d+\):\n(?:\n.*\n(?: .*\n)+)*\n${headline}\n(?: .*\n)* +\d+ - \d+ +[1-9]\d* \|#+ *\|\n`,
    'm',
  );
}

const GROUPS: Readonly<Record<string, Group>> = {
  processes: {
    workload: "/bin/true; sh -c 'exit 3'; trap : USR1; kill -USR1 $$; chroot / /bin/true",
    says: {
      execsnoop: /^execsnoop events: pid=\d+ ppid=\d+ comm=true file=\/bin\/true$/m,
      exitsnoop: /^exitsnoop events: microseconds=\d+ pid=\d+ ppid=\d+ status=3 signal=0 comm=sh$/m,
      killsnoop: /^killsnoop events: from=(\d+) to=\1 signal=10 comm=sh$/m,
      capable: /^capable events: pid=\d+ capability=18 result=0 comm=chroot$/m,
      syscount: /^map syscount counts \(id \d+\):\n\[\{\s+"key": \d+,\s+"value": [1-9]/m,
    },
  },
  files: {
    workload: 'cat /etc/hostname; stat /etc/hostname; echo > /tmp/short-lived; rm /tmp/short-lived',
    args: ['--set', 'min_us=0'],
    says: {
      opensnoop: /^opensnoop events: pid=\d+ result=\d+ comm=cat file=\/etc\/hostname$/m,
      statsnoop: /^statsnoop events: pid=\d+ comm=stat file=\/etc\/hostname$/m,
      filelife: /^filelife events: pid=\d+ comm=rm file=short-lived$/m,
      fsslower: /^fsslower events: microseconds=\d+ pid=\d+ result=\d+ comm=cat file=hostname$/m,
      vfsstat: /^map vfsstat [^\n]*\n[^#]*"opens": [1-9]\d*,\s+"reads": [1-9]\d*,\s+"writes": [1-9]/m,
    },
  },
  network: {
    workload: `bash -c 'exec 3<>/dev/tcp/127.0.0.1/1'; '${process.execPath}' -e "${SERVE}"; getent ahosts localhost`,
    says: {
      tcpconnect: /^tcpconnect events: pid=\d+ saddr=7f000001 daddr=7f000001 dport=1 comm=bash$/m,
      tcpstates: new RegExp(`^tcpstates events: sport=${PORT} dport=\\d+ from=SYN_RECV to=ESTABLISHED$`, 'm'),
      tcplife: new RegExp(`^tcplife events: microseconds=\\d+ sport=${PORT} dport=\\d+$`, 'm'),
      tcprtt: bars('tcprtt hists', 'key=2'),
      solisten: new RegExp(`^solisten events: pid=\\d+ backlog=511 port=${PORT} comm=\\S+$`, 'm'),
      bindsnoop: new RegExp(`^bindsnoop events: pid=\\d+ address=7f000001 port=${PORT} comm=\\S+$`, 'm'),
      gethostlatency: /^gethostlatency events: microseconds=\d+ pid=\d+ comm=getent$/m,
    },
  },
  disk: {
    // A disk in memory, with requests that go to it and reads that go through the page cache.
    workload: `modprobe loop; truncate -s 1M /tmp/disk; d=$(losetup -f --show /tmp/disk)
      dd if=/dev/zero of=$d bs=4k count=8 oflag=direct 2>/dev/null; dd if=$d of=/dev/null bs=64k 2>/dev/null; losetup -d $d`,
    says: {
      biosnoop: /^biosnoop events: microseconds=\d+ sector=\d+ major=7 minor=\d+ sectors=\d+ comm=\S+$/m,
      biolatency: bars('biolatency hists', String.raw`key=73400\d\d`),
      cachestat: /^map cachestat [^\n]*\n[^#]*"added": [1-9]\d*/m,
    },
  },
  scheduler: {
    workload: 'sleep 0.2; ls -R /usr/share/doc > /dev/null',
    says: {
      runqlat: bars('runqlat hists', 'key=0'),
      cpudist: bars('cpudist hists', 'key=0'),
      offcputime: /^map offcputime totals [^#]*?"microseconds": [1-9]\d{4,},\s+"comm": "sleep"/m,
      hardirqs: bars('hardirqs hists', String.raw`number=\d+`),
      softirqs: bars('softirqs hists', 'kind=(?:TIMER|SCHED|RCU)'),
    },
  },
};

describe('tools run on a workload and say what it did', { skip: noSystemWide }, () => {
  for (const [group, { workload, says, args = [] }] of Object.entries(GROUPS)) {
    describe(group, () => {
      let ended: Awaited<ReturnType<typeof tool>>;

      before(async () => {
        ended = await tool('run', ...Object.keys(says).map(path), ...args, '--dump', '--', 'sh', '-c', `${workload}; true`);
      });

      for (const [name, expected] of Object.entries(says)) {
        test(name, () => {
          assert.equal(ended.status, 0, ended.err);
          const own = ended.out
            .split('\n')
            .filter((line) => line.startsWith(name))
            .slice(0, 20)
            .join('\n');
          assert.ok(expected.test(ended.out), `${expected} is not in what it says, which begins so:\n${own}`);
        });
      }
    });
  }

  test('mountsnoop', async () => {
    const running = startTool('--ndjson', 'run', path('mountsnoop'));
    await running.printed('attached_to');
    mkdirSync('/tmp/mounted', { recursive: true });
    mount('some-source', '/tmp/mounted', 'tmpfs', 0);
    unmount('/tmp/mounted');
    const out = await running.printed('/tmp/mounted');
    running.child.kill('SIGINT');
    assert.equal((await running.ended).status, 0);
    const event = out
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line).event]))
      .find((each) => each?.target === '/tmp/mounted');
    assert.deepEqual(event, { pid: process.pid, source: 'some-source', target: '/tmp/mounted', type: 'tmpfs' });
  });
});
