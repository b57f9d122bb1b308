import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { test } from 'node:test';
import { countPackets } from '../../examples/library/count-packets.js';
import { noRoot, ownNetwork } from '../support/live.js';

test('the example of the library counts packets that arrive, by protocol', { skip: noRoot }, async () => {
  ownNetwork();
  const UDP = 17;
  const socket = createSocket('udp4');
  const timer = setInterval(() => socket.send('hello', 9, '127.0.0.1'), 10);
  const traffic = await countPackets('lo', 0.3);
  clearInterval(timer);
  socket.close();
  const udp = traffic.get(UDP)!;
  assert.ok(udp.packets > 0n);
  // Ethernet, IPv4 and UDP headers and five bytes.
  assert.equal(udp.bytes, udp.packets * 47n);
});
