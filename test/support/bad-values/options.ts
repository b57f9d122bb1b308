import type { Bad } from './kinds.js';

/** What does not fit for options that take a value, by `COMMAND OPTION` or by the option alone. */
export const BAD_OPTIONS: Readonly<Record<string, readonly Bad[]>> = {
  '--filter': [
    [['name'], /'name' is no condition/],
    [['id>x'], /'x' is not a number/],
  ],
  '--sort': [],
  '--columns': [],
  '--interval': [[['soon'], /'soon' is no duration/]],
  '--limit': [
    [['x'], /'x'/],
    [['0'], /'0'/],
  ],
  '--flags': [[['nosuch'], /nosuch/]],
  'top --sort': [[['nosuch'], /nosuch/]],
  'top --filter': [],
  'prog show --for': [[['soon'], /soon|goes with --stats/]],
  '--as': [[['nosuch'], /nosuch/]],
  '--set': [
    [['nosuch=1'], /nosuch/],
    [['nosuch'], /nosuch/],
  ],
  '--only': [[['nosuch'], /nosuch/]],
  'events --type': [[['nosuch'], /nosuch|neither a ring buffer/]],
  '--type': [
    [['nosuch=xdp'], /nosuch/],
    [['xdp'], /xdp/],
  ],
  '--for': [
    [['soon'], /'soon' is no duration/],
    [['-1s'], /./],
    [['99999h'], /'99999h' is no duration/],
  ],
  '--dev': [[['nosuch'], /nosuch/]],
  '--mode': [[['nosuch'], /nosuch/]],
  '--cgroup': [[['/nonexistent'], /nonexistent|needs an interface/]],
  '--netns': [[['/nonexistent'], /nonexistent|needs an interface/]],
  '--pid': [
    [['x'], /'x' is no process id/],
    [['0'], /'0' is no process id/],
  ],
  '--cookie': [[['x'], /'x'/]],
  '--device': [[['nosuch'], /nosuch|no program of the object|needs an interface/]],
  '--family': [[['nosuch'], /nosuch|no program of the object|needs an interface/]],
  '--hook': [[['nosuch'], /nosuch|no program of the object|needs an interface/]],
  '--route': [[['nosuch'], /nosuch|no program of the object|needs an interface/]],
  '--target-map': [[['nosuch'], /nosuch/]],
  '--target-prog': [
    [['nosuch'], /--target-prog takes NAME=VALUE, not 'nosuch'/],
    [['nosuch=id:1'], /no program named 'nosuch'/],
  ],
  '--attach': [
    [['nosuch'], /--attach takes NAME=VALUE, not 'nosuch'/],
    [['nosuch=xdp'], /no program named 'nosuch'/],
  ],
  '--socket': [
    [['nosuch'], /nosuch|no program of the object|needs an interface/],
    [['999999999:0'], /there is no process|no program of the object|needs an interface/],
  ],
};
