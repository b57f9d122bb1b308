// Runs in a virtual machine: sets it as each of SETTINGS says, runs what that makes a difference for, and prints what came of it, one line of JSON each.
import { execFileSync } from 'node:child_process';
import { release } from 'node:os';
import { outcomes, SETTING_COMMANDS } from './matrix.js';
import { SETTINGS } from './situations.js';

for (const setting of SETTINGS) {
  execFileSync('sh', ['-c', setting.set]);
  for (const { command, title, status, out, err } of await outcomes(SETTING_COMMANDS, [setting]))
    console.log(`outcome ${JSON.stringify({ kernel: release(), command, title, status, out: out.slice(0, 200), err })}`);
}
