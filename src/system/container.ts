/** The container that a process is in, as the names of its cgroups tell. */
export interface Container {
  /** What runs it; undefined where the name of the cgroup does not tell. */
  readonly runtime?: string;
  readonly id: string;
  /** The uid of the Kubernetes pod that it is part of. */
  readonly pod?: string;
}

const HASH = '[0-9a-f]{64}';

/** Last parts of paths, by what makes them; the first that fits. libpod-conmon-ID and the like watch a container from outside. */
const NAMES: readonly [name: RegExp, runtime: string | undefined][] = [
  [new RegExp(`^docker-(${HASH})\\.scope$`), 'docker'],
  [new RegExp(`^cri-containerd-(${HASH})(?:\\.scope)?$`), 'containerd'],
  [new RegExp(`:cri-containerd:(${HASH})$`), 'containerd'],
  [new RegExp(`^nerdctl-(${HASH})\\.scope$`), 'containerd'],
  [new RegExp(`^crio-(${HASH})(?:\\.scope)?$`), 'cri-o'],
  [new RegExp(`^libpod-(${HASH})(?:\\.scope)?$`), 'podman'],
  [/^lxc\.payload\.(.+)$/, 'lxc'],
  [/^machine-(.+)\.scope$/, 'systemd-nspawn'],
  [/^systemd-nspawn@(.+)\.service$/, 'systemd-nspawn'],
  [new RegExp(`^(${HASH})$`), undefined],
];

/** Parents of a cgroup that has only the id for a name. */
const PARENTS: readonly [parent: RegExp, runtime: string][] = [
  [/^docker$/, 'docker'],
  [/^(default|moby|k8s\.io)$/, 'containerd'],
  [/^libpod(_parent)?$/, 'podman'],
  [/^lxc$/, 'lxc'],
];

/** Of a pod, by the cgroup drivers `cgroupfs` (pod1234-...) and `systemd` (kubepods-burstable-pod1234_....slice). */
const POD = /(?:^|-)pod([0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}|[0-9a-f]{32})(?:\.slice)?$/;

/** Finds the container in the path of a cgroup. The innermost counts: a container in one runs in the inner. */
export function containerOf(path: string): Container | undefined {
  const parts = path.split('/');
  for (let i = parts.length - 1; i >= 0; i--) {
    const found = named(parts[i]!, parts[i - 1] ?? '');
    if (!found) continue;
    const pod = parts
      .slice(0, i)
      .map(podOf)
      .findLast((uid) => uid !== undefined);
    return { ...found, ...(pod !== undefined && { pod }) };
  }
  return undefined;
}

function named(name: string, parent: string): Container | undefined {
  // LXC without systemd names the cgroup as the container is named.
  if (parent === 'lxc' && name !== '') return { runtime: 'lxc', id: name };
  for (const [pattern, runtime] of NAMES) {
    const id = pattern.exec(name)?.[1];
    const by = runtime ?? PARENTS.find(([known]) => known.test(parent))?.[1];
    if (id !== undefined) return by === undefined ? { id } : { runtime: by, id };
  }
  return undefined;
}

function podOf(name: string): string | undefined {
  return POD.exec(name)?.[1]?.replaceAll('_', '-');
}
