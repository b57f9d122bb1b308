import { objInfo } from '../../native/bpf.js';
import { MAP_INFO } from '../../native/uapi.js';
import { mapTypes } from '../kernel/names.js';
import { fdinfoField, memlockIn, ownFdinfoText } from '../system/fdinfo.js';

/** What the kernel says on a map when it is opened (struct bpf_map_info). Sizes are in bytes. */
export interface MapInfo {
  readonly id: number;
  /** enum bpf_map_type. */
  readonly type: number;
  /** As bpftool names the type: `percpu_hash`; undefined when this release does not know it. */
  readonly typeName: string | undefined;
  /** At most 15 characters; empty for a map without a name. */
  readonly name: string;
  readonly keySize: number;
  /** Of one CPU's value, where a map has a value for each. */
  readonly valueSize: number;
  readonly maxEntries: number;
  /** BPF_F_* as given at creation. */
  readonly flags: number;
  /** Device that the map is offloaded to, 0 for none, with the network namespace it is in. */
  readonly ifindex: number;
  readonly netnsDevice: bigint;
  readonly netnsInode: bigint;
  /** The BTF that describes key and value, 0 for none, and their types in it. */
  readonly btfId: number;
  readonly btfKeyTypeId: number;
  readonly btfValueTypeId: number;
  /** The value's type in the kernel's own BTF (struct_ops), 0 for none. */
  readonly btfVmlinuxValueTypeId: number;
  /** The BTF that the type before is in, of the kernel or a module; since 6.9, 0 before. */
  readonly btfVmlinuxId: number;
  readonly mapExtra: bigint;
}

/** What changes while a map lives, from /proc/self/fdinfo (bpf_map_show_fdinfo in kernel/bpf/syscall.c). */
export interface MapState {
  /** Bytes that the map takes, as the kernel counts them. */
  readonly memlock: bigint | undefined;
  readonly frozen: boolean;
  /** Of a prog array: the kind of programs it takes, once the first is in it or uses it. */
  readonly ownerProgType: number | undefined;
  readonly ownerJited: boolean | undefined;
}

/** Asks the kernel about an open map. The crossing from the kernel's spelling to ours. */
export function readMapInfo(fd: number): MapInfo {
  const info = objInfo(fd, MAP_INFO);
  return {
    id: info.id,
    type: info.type,
    typeName: mapTypes.nameOf(info.type),
    name: info.name,
    keySize: info.key_size,
    valueSize: info.value_size,
    maxEntries: info.max_entries,
    flags: info.map_flags,
    ifindex: info.ifindex,
    netnsDevice: info.netns_dev,
    netnsInode: info.netns_ino,
    btfId: info.btf_id,
    btfKeyTypeId: info.btf_key_type_id,
    btfValueTypeId: info.btf_value_type_id,
    btfVmlinuxValueTypeId: info.btf_vmlinux_value_type_id,
    btfVmlinuxId: info.btf_vmlinux_id,
    mapExtra: info.map_extra,
  };
}

/** Reads the fdinfo of an open map; what cannot be read is left out. */
export function readMapState(fd: number): MapState {
  return mapStateFrom(ownFdinfoText(fd));
}

/** What the text of a map's fdinfo says, of any process's descriptor of it. */
export function mapStateFrom(text: string): MapState {
  const number = (name: string) => {
    const value = fdinfoField(text, name);
    return value === undefined ? undefined : Number(value);
  };
  const jited = number('owner_jited');
  return {
    memlock: memlockIn(text),
    frozen: number('frozen') === 1,
    ownerProgType: number('owner_prog_type'),
    ownerJited: jited === undefined ? undefined : jited !== 0,
  };
}
