import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { progLoad } from '../../native/bpf.js';
import { cText } from '../../native/memory.js';
import { withRouteSocket } from '../../native/netlink.js';
import { createClsact, deleteClsact, qdiscs } from '../../native/traffic-control.js';
import { Instructions } from '../../src/asm/instructions.js';
import { NotSupportedError } from '../../src/errors.js';
import { ProgType } from '../../src/kernel/enums.gen.js';
import type { AttachTypeName } from '../../src/kernel/names.js';
import { attach } from '../../src/link/attach.js';
import { Held } from '../../src/link/attachment.js';
import { Link } from '../../src/link/link.js';
import { netAttachments } from '../../src/link/net.js';
import { attachToInterface, detachFromInterface } from '../../src/link/net-attach.js';
import { attachedPrograms } from '../../src/link/query.js';
import type { TargetWords } from '../../src/link/target.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { EXIT_INSN, moveImmediate } from '../../src/probe/programs.js';
import { Program } from '../../src/program/program.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { countOf, eventually, loadTestObject, noRoot, openBpfDescriptors, ownNetwork, quietPair } from '../support/live.js';
import { sendFrame } from '../support/sockets.js';

let object: LoadedObject;
let near = 0;
let far = 0;

/** Sends a frame to the near end of the pair, and one out of it. */
function traffic(): void {
  sendFrame(far);
  sendFrame(near);
}

async function fires(program: string): Promise<boolean> {
  const earlier = countOf(object, program);
  traffic();
  return eventually(() => countOf(object, program) > earlier);
}

/** Whether a program stays quiet while another one, on the same way later, sees the traffic. */
function quiet(program: string): boolean {
  const earlier = countOf(object, program);
  traffic();
  return countOf(object, program) === earlier;
}

function idOf(program: string): number {
  return object.program(program)!.id;
}

const here = () => netAttachments(near);
const hasClsact = () => withRouteSocket((socket) => qdiscs(socket, near).some(({ kind }) => kind === 'clsact'));

function programReturning(action: number): Program {
  const { bytes, length } = Instructions.of([moveImmediate(0, action), EXIT_INSN]);
  return new Program(progLoad({ prog_type: ProgType.SCHED_CLS, insns: bytes, insn_cnt: length, license: cText('GPL') }));
}

const noTcx = isOlderThan('6.6') && 'needs Linux 6.6';

function refusesTcx(call: () => unknown): void {
  assert.throws(call, (error) => error instanceof NotSupportedError && /\(needs 6\.6, this is /.test(error.message));
}

interface Case {
  readonly title: string;
  readonly program: string;
  readonly hook: string;
  readonly words?: TargetWords;
  /** What is read back while it is attached. */
  readonly seen: () => unknown;
  readonly expected: (id: number) => unknown;
}

const xdpHere = () => here().xdp[0]?.xdp;
const tcHere = () => here().tc.map((each) => ('progId' in each ? [each.kind, each.progId] : [each.kind, each.id, each.name]));

const LINKS: readonly (Case & { readonly type: string })[] = [
  ...(['driver', 'generic'] as const).map((mode) => ({
    title: `xdp with a link, in mode ${mode}`,
    program: 'count_xdp',
    hook: 'xdp',
    words: { mode },
    type: 'xdp',
    seen: xdpHere,
    expected: (id: number) => [{ mode, progId: id }],
  })),
  {
    title: 'tcx at the ingress',
    program: 'count_tcx_in',
    hook: 'tcx/ingress',
    type: 'tcx',
    seen: tcHere,
    expected: (id) => [['tcx/ingress', id]],
  },
  {
    title: 'tcx at the egress',
    program: 'count_tcx_out',
    hook: 'tcx_egress',
    type: 'tcx',
    seen: tcHere,
    expected: (id) => [['tcx/egress', id]],
  },
];

const WITHOUT_LINK: readonly Case[] = [
  ...(['driver', 'generic'] as const).map((mode) => ({
    title: `xdp over netlink, in mode ${mode}`,
    program: 'count_xdp',
    hook: 'xdp',
    words: { mode, netlink: true },
    seen: xdpHere,
    expected: (id: number) => [{ mode, progId: id }],
  })),
  {
    title: 'a filter on clsact, at the ingress',
    program: 'count_tc',
    hook: 'tc',
    seen: tcHere,
    expected: (id) => [['clsact/ingress', id, 'count_tc']],
  },
  {
    title: 'a filter on clsact, at the egress',
    program: 'count_classifier',
    hook: 'classifier',
    words: { egress: true, priority: 5, handle: 2 },
    seen: tcHere,
    expected: (id) => [['clsact/egress', id, 'count_classifie']],
  },
];

describe('hooks of network interfaces', { skip: noRoot }, () => {
  before(() => {
    ownNetwork();
    ({ near, far } = quietPair());
    object = loadTestObject('hooks-net');
  });

  after(() => {
    object[Symbol.dispose]();
    assert.equal(openBpfDescriptors(), 0);
  });

  for (const { title, program, hook, words = {}, type, seen, expected } of LINKS) {
    test(`${title}: attached, it counts packets, is listed, and detached it is gone`, async () => {
      const id = idOf(program);
      if (type === 'tcx' && noTcx) return refusesTcx(() => attach(object.program(program)!, hook, { dev: 'near', ...words }));
      {
        using link = attach(object.program(program)!, hook, { dev: 'near', ...words });
        assert.ok(link instanceof Link);
        assert.ok(await fires(program), 'the counter moves');
        assert.deepEqual(seen(), expected(id));
        const { target, progId } = link.info;
        assert.deepEqual([target.type, progId, 'ifindex' in target && target.ifindex], [type, id, near]);
        link.detach();
        assert.deepEqual(here().xdp, []);
        assert.deepEqual(here().tc, []);
        const detached = link.info.target;
        assert.equal('ifindex' in detached && detached.ifindex, 0);
      }
      assert.ok(quiet(program));
    });
  }

  for (const { title, program, hook, words = {}, seen, expected } of WITHOUT_LINK) {
    test(`${title}: attached, it counts packets, is listed, and disposed of it is gone`, async () => {
      {
        using held = attach(object.program(program)!, hook, { dev: 'near', ...words });
        assert.ok(held instanceof Held && held.stays);
        assert.ok(await fires(program), 'the counter moves');
        assert.deepEqual(seen(), expected(idOf(program)));
      }
      assert.deepEqual([here().xdp, here().tc, hasClsact()], [[], [], false]);
      assert.ok(quiet(program));
    });
  }

  test('xdp with fragments: attached, it counts packets', { skip: isOlderThan('5.18') && 'needs Linux 5.18' }, async () => {
    using frags = loadTestObject('hooks-frags');
    using _link = attach(frags.program('count_frags')!, 'xdp.frags', { dev: 'near' });
    traffic();
    assert.ok(await eventually(() => countOf(frags, 'count_frags') > 0));
  });

  test('a qdisc that was there before stays when the filter goes', () => {
    createClsact(near);
    attach(object.program('count_tc')!, 'tc', { dev: 'near' })[Symbol.dispose]();
    assert.ok(hasClsact());
    deleteClsact(near);
  });

  test('programs of tcx run in the order that before and after ask for', { skip: noTcx }, () => {
    const [first, second] = [object.program('count_tcx_in')!, object.program('count_tcx_out')!];
    const order = (attachType: AttachTypeName) => attachedPrograms({ ifindex: near }, attachType)?.map(({ progId }) => progId);
    using alone = attach(first, 'tcx/egress', { dev: 'near' });
    assert.ok(alone instanceof Link);
    {
      using _before = attach(second, 'tcx/egress', { dev: 'near', before: { kind: 'program', id: first.id } });
      assert.deepEqual(order('TCX_EGRESS'), [second.id, first.id]);
    }
    {
      using _after = attach(second, 'tcx/egress', { dev: 'near', after: { kind: 'link', id: alone.info.id } });
      assert.deepEqual(order('TCX_EGRESS'), [first.id, second.id]);
    }
    using _start = attach(second, 'tcx/egress', { dev: 'near', before: 'all' });
    assert.deepEqual(order('TCX_EGRESS'), [second.id, first.id]);
  });

  for (const [name, action] of [
    ['TC_ACT_STOLEN', 4],
    ['TC_ACT_TRAP', 8],
  ] as const) {
    test(`${name} of a filter keeps the packet, of a link it ends the list and the filters see it`, { skip: noTcx }, async () => {
      using keeps = programReturning(action);
      using _counting = attach(object.program('count_tc')!, 'tc', { dev: 'near', priority: 2 });
      assert.ok(await fires('count_tc'));
      {
        using _keeping = attach(keeps, 'tc', { dev: 'near', priority: 1 });
        assert.ok(quiet('count_tc'));
      }
      using _keeping = attach(keeps, 'tcx/ingress', { dev: 'near' });
      using _later = attach(object.program('count_tcx_in')!, 'tcx/ingress', { dev: 'near' });
      assert.ok(quiet('count_tcx_in'));
      assert.ok(await fires('count_tc'));
    });
  }

  test('the program of a link is replaced in one step, and only when it is the one that is expected', async () => {
    const [old, next] = [object.program('count_xdp')!, object.program('count_other')!];
    using link = attach(old, 'xdp', { dev: 'near' }) as Link;
    assert.throws(() => link.update(next.fd, next.fd), /update xdp link/);
    link.update(next.fd, old.fd);
    assert.equal(link.info.progId, next.id);
    assert.ok(await fires('count_other'));
  });

  test('a second xdp program is refused with a reason, over netlink too, and leaves the first alone', () => {
    using _first = attach(object.program('count_xdp')!, 'xdp', { dev: 'near' });
    for (const words of [{}, { netlink: true }]) {
      assert.throws(
        () => attach(object.program('count_other')!, 'xdp', { dev: 'near', ...words }),
        /attach to xdp dev near.*: a program is attached there already$/,
      );
    }
    assert.deepEqual(xdpHere(), [{ mode: 'driver', progId: idOf('count_xdp') }]);
  });

  test('net attach and net detach work without a link: overwrite replaces, prepend comes first', () => {
    const [a, b] = [object.program('count_xdp')!, object.program('count_other')!];
    attachToInterface(near, { xdp: 'generic' }, a);
    assert.throws(() => attachToInterface(near, { xdp: 'generic' }, b), /already/);
    attachToInterface(near, { xdp: 'generic' }, b, { overwrite: true });
    assert.deepEqual(xdpHere(), [{ mode: 'generic', progId: b.id }]);
    detachFromInterface(near, { xdp: 'generic' });
    assert.deepEqual(here().xdp, []);

    const [c, d] = [object.program('count_tcx_in')!, object.program('count_tcx_out')!];
    if (noTcx) return refusesTcx(() => attachToInterface(near, { tcx: 'ingress' }, c));
    attachToInterface(near, { tcx: 'ingress' }, c);
    attachToInterface(near, { tcx: 'ingress' }, d, { prepend: true });
    assert.deepEqual(tcHere(), [
      ['tcx/ingress', d.id],
      ['tcx/ingress', c.id],
    ]);
    detachFromInterface(near, { tcx: 'ingress' });
    detachFromInterface(near, { tcx: 'ingress' });
    assert.throws(() => detachFromInterface(near, { tcx: 'ingress' }), /nothing is attached there/);
  });

  test('a target that does not exist, or a word that the hook does not take, is refused in words', () => {
    const program = object.program('count_xdp')!;
    assert.throws(() => attach(program, 'xdp'), /attach to xdp: it needs an interface: dev NAME/);
    assert.throws(() => attach(program, 'xdp', { dev: 'nowhere' }), /no network interface called "nowhere"/);
    assert.throws(() => attach(program, 'xdp', { dev: 'near', cookie: 1n }), /xdp takes no 'cookie'/);
    assert.throws(() => attach(program, 'xpd', { dev: 'near' }), /there is no hook called "xpd"/);
    assert.throws(() => attach(program, 'xdp/devmap'), /put into a DEVMAP/);
  });
});
