// Programs of infrared receivers, in every way to attach: at the loopback device that the kernel's module makes.
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { testEveryWay } from '../../support/every-way.js';
import { noSystemWide } from '../../support/live.js';

if (!noSystemWide) spawnSync('modprobe', ['rc-loopback']);
const name = readdirSync('/dev').find((each) => /^lirc\d+$/.test(each));
const device = `/dev/${name ?? 'lirc0'}`;
// Microseconds of light, darkness and light.
const PULSES = new Uint8Array(new Uint32Array([900, 450, 900]).buffer);

testEveryWay({ object: 'every-lirc', skip: noSystemWide }, [
  {
    program: 'on_pulse',
    words: () => ({ device }),
    options: () => ['--device', device],
    fire: () => writeFileSync(device, PULSES),
  },
]);
