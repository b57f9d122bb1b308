// Counts the packets of an interface for some seconds, with the library alone: node build/examples/library/count-packets.js DEVICE [SECONDS]
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { attach, codecOf, load, parseObject, rows } from 'bpf-ts';

interface Traffic {
  packets: bigint;
  bytes: bigint;
}

/** What arrived on `device` in `seconds`, by IP protocol number. */
export async function countPackets(device: string, seconds: number): Promise<Map<number, Traffic>> {
  const file = new URL('../../../examples/demo/packet-counter.bpf.o', import.meta.url);
  const spec = parseObject(readFileSync(file), { name: 'packet-counter.bpf.o' });
  using object = load(spec);
  using _link = attach(object.program('count_packets')!, 'xdp', { dev: device });
  await sleep(seconds * 1000);

  const { spec: map, map: traffic } = object.maps.find((one) => one.spec.name === 'traffic_by_protocol')!;
  const key = codecOf<number>(spec.btf!, map.keyTypeId);
  const value = codecOf<Traffic>(spec.btf!, map.valueTypeId);
  return new Map(Array.from(rows(traffic), (row) => [key.decode(row.key), value.decode(row.value)]));
}

const [device, seconds = '1'] = process.argv.slice(2);
if (device !== undefined) console.log(await countPackets(device, Number(seconds)));
