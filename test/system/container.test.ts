import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Container, containerOf } from '../../src/system/container.js';
import { cgroupsOf } from '../../src/system/owners.js';

const ID = '4f1a'.repeat(16);
const POD = '2b7c9f3e-55d1-4e0a-9a3b-0123456789ab';
const SLICE = POD.replaceAll('-', '_');

const PATHS: readonly [path: string, container: Container | undefined][] = [
  ['/', undefined],
  ['', undefined],
  ['/init.scope', undefined],
  ['/system.slice/docker.service', undefined],
  ['/user.slice/user-1000.slice/user@1000.service/app.slice', undefined],
  [`/docker/${ID}`, { runtime: 'docker', id: ID }],
  [`/system.slice/docker-${ID}.scope`, { runtime: 'docker', id: ID }],
  [`/system.slice/docker-${ID}.scope/init.scope`, { runtime: 'docker', id: ID }],
  [`/default/${ID}`, { runtime: 'containerd', id: ID }],
  [`/system.slice/nerdctl-${ID}.scope`, { runtime: 'containerd', id: ID }],
  [`/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${ID}.scope/container`, { runtime: 'podman', id: ID }],
  [`/libpod_parent/libpod-${ID}`, { runtime: 'podman', id: ID }],
  [`/machine.slice/libpod-conmon-${ID}.scope`, undefined],
  [`/machine.slice/libpod-${ID}.scope`, { runtime: 'podman', id: ID }],
  [`/kubepods/burstable/pod${POD}/${ID}`, { id: ID, pod: POD }],
  [
    `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${SLICE}.slice/cri-containerd-${ID}.scope`,
    { runtime: 'containerd', id: ID, pod: POD },
  ],
  [`/kubepods.slice/kubepods-pod${SLICE}.slice/crio-${ID}.scope`, { runtime: 'cri-o', id: ID, pod: POD }],
  [`/kubepods.slice/kubepods-pod${SLICE}.slice:cri-containerd:${ID}`, { runtime: 'containerd', id: ID }],
  [`/ecs/0123456789abcdef0123456789abcdef/${ID}`, { id: ID }],
  ['/lxc/web', { runtime: 'lxc', id: 'web' }],
  ['/lxc.payload.web/system.slice/cron.service', { runtime: 'lxc', id: 'web' }],
  ['/machine.slice/machine-web.scope/payload', { runtime: 'systemd-nspawn', id: 'web' }],
  [`/docker/${ID}/docker/${ID.replaceAll('4', '5')}`, { runtime: 'docker', id: ID.replaceAll('4', '5') }],
  [`/docker/${ID.slice(1)}`, undefined],
];

test('a container is known by the name that its runtime gives its cgroup', () => {
  for (const [path, container] of PATHS) assert.deepEqual(containerOf(path), container, path);
});

test('the cgroup of version 2 counts, unless all processes are in its root', () => {
  assert.deepEqual(cgroupsOf('0::/app\n'), ['/app']);
  assert.deepEqual(cgroupsOf('4:memory:/docker/1\n3:cpu:/\n0::/\n'), ['/docker/1', '/', '/']);
  assert.deepEqual(cgroupsOf('4:memory:/old\n0::/new:with:colons\n'), ['/new:with:colons', '/old']);
  assert.deepEqual(cgroupsOf('nonsense\n'), []);
});
