import assert from 'node:assert/strict';
import { openSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { Fd } from '../../native/fd.js';
import {
  addAddress,
  createVethPair,
  deleteInterface,
  interfaceByIndex,
  interfaceIndex,
  interfaceName,
  interfaces,
  moveInterface,
  setInterfaceUp,
} from '../../native/interfaces.js';
import { NetlinkError, withRouteSocket } from '../../native/netlink.js';
import { NamespaceFlag, setNamespace, unshare } from '../../native/system.js';
import { createClsact, filters, hasFilters, qdiscs } from '../../native/traffic-control.js';
import { noRoot, ownNetwork } from '../support/live.js';
import { address, TestSocket } from '../support/sockets.js';

const names = () => withRouteSocket((socket) => interfaces(socket).map(({ name }) => name));
const namespace = () => new Fd(openSync('/proc/self/ns/net', 'r'));

describe('network interfaces over netlink', { skip: noRoot }, () => {
  before(ownNetwork);

  test('a pair of interfaces is made, found by name and by index, and goes as a whole', () => {
    createVethPair('left', 'right');
    const left = interfaceIndex('left')!;
    assert.deepEqual(names().toSorted(), ['left', 'lo', 'right']);
    assert.equal(interfaceName(left), 'left');
    assert.deepEqual(
      withRouteSocket((socket) => interfaceByIndex(socket, left)),
      { ifindex: left, name: 'left', xdp: [], multi: false },
    );
    deleteInterface(left);
    assert.deepEqual(names(), ['lo']);
    assert.deepEqual(
      [interfaceIndex('left'), interfaceName(left), interfaceIndex(''), interfaceIndex('a'.repeat(16))],
      Array(4).fill(undefined),
    );
  });

  test('a pair has the indexes that are asked for', () => {
    createVethPair('left', 'right', { index: 4711 });
    assert.deepEqual([interfaceIndex('left'), interfaceIndex('right')], [4711, 4712]);
    deleteInterface(4711);
  });

  test('an interface that is up and has addresses can be bound to', () => {
    createVethPair('left', 'right');
    const [left, right] = [interfaceIndex('left')!, interfaceIndex('right')!];
    addAddress(left, '10.77.0.1', 24);
    addAddress(left, 'fd77::1', 64);
    for (const ifindex of [left, right]) setInterfaceUp(ifindex);
    for (const [family, host] of [
      ['inet', '10.77.0.1'],
      ['inet6', 'fd77::1'],
    ] as const) {
      using socket = new TestSocket(family, 'dgram').bind(address(host));
      assert.ok(socket.name().length > 0);
    }
    deleteInterface(left);
  });

  test('the far end may be made in another network namespace, or moved there', () => {
    using first = namespace();
    unshare(NamespaceFlag.NEWNET);
    using second = namespace();
    createVethPair('here', 'there', { peerNamespace: first.number });
    createVethPair('stays', 'moves');
    moveInterface(interfaceIndex('moves')!, first.number);
    assert.deepEqual(names().toSorted(), ['here', 'lo', 'stays']);
    setNamespace(first.number);
    assert.deepEqual(names().toSorted(), ['lo', 'moves', 'there']);
    for (const name of ['there', 'moves']) deleteInterface(interfaceIndex(name)!);
    setNamespace(second.number);
    assert.deepEqual(names(), ['lo']);
    setNamespace(first.number);
  });

  test('a refusal carries the explanation that the kernel gives', () => {
    createVethPair('left', 'right');
    const left = interfaceIndex('left')!;
    createClsact(left);
    assert.throws(
      () => createClsact(left),
      (error) => error instanceof NetlinkError && error.code === 'EEXIST' && /[Ee]xclusivity/.test(error.reason),
    );
    assert.throws(() => createVethPair('left', 'x'), /RTM_NEWLINK: already exists/);
    assert.throws(() => withRouteSocket((socket) => interfaceByIndex(socket, 99_999)), /RTM_GETLINK: no such device/);
    const kinds = withRouteSocket((socket) => qdiscs(socket, left).map(({ kind }) => kind));
    assert.ok(kinds.includes('clsact'));
    assert.deepEqual(
      withRouteSocket((socket) => [hasFilters(socket, left), filters(socket, left, 0xffff_fff2)]),
      [false, []],
    );
    deleteInterface(left);
  });

  test('a dump of many interfaces arrives whole', () => {
    for (let i = 0; i < 100; i++) createVethPair(`a${i}`, `b${i}`);
    assert.equal(names().length, 201);
    for (let i = 0; i < 100; i++) deleteInterface(interfaceIndex(`a${i}`)!);
    assert.deepEqual(names(), ['lo']);
  });
});
