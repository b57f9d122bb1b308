// Every section of hooks of cgroups, in every way to attach.
import { after } from 'node:test';
import { CGROUP_CASES, type CgroupCase, UNIX_CASES } from '../../support/cgroup-cases.js';
import { type HookCase, testEveryWay } from '../../support/every-way.js';
import { noCgroup, noSystemWide, OwnCgroup, ownNetwork } from '../../support/live.js';
import { address, TestSocket } from '../../support/sockets.js';

let cgroup: OwnCgroup | undefined;
if (!noCgroup) {
  ownNetwork();
  cgroup = new OwnCgroup();
  cgroup.enter();
  after(() => cgroup?.[Symbol.dispose]());
}

const AT_CGROUP: Pick<HookCase, 'words' | 'options'> = {
  words: () => ({ cgroup: cgroup!.path }),
  options: () => ['--cgroup', cgroup!.path],
};
const caseOf = ({ program, fire }: CgroupCase): HookCase => ({ program, fire, ...AT_CGROUP });

testEveryWay({ object: 'hooks-cgroup', skip: noCgroup }, CGROUP_CASES.map(caseOf));
testEveryWay({ object: 'hooks-cgroup-unix', skip: noCgroup }, UNIX_CASES.map(caseOf));

testEveryWay({ object: 'every-lsm-cgroup', skip: noSystemWide }, [
  {
    program: 'on_bind',
    ...AT_CGROUP,
    fire: () => new TestSocket('inet', 'dgram').bind(address('127.0.0.1'))[Symbol.dispose](),
  },
]);
