// Written by `npm run generate` from test/data/vmlinux-7.2.btf.br. Do not edit.
import type { Layout } from './layout.js';

/** The commands of bpf(2). */
export const Command = {
  MAP_CREATE: 0,
  MAP_LOOKUP_ELEM: 1,
  MAP_UPDATE_ELEM: 2,
  MAP_DELETE_ELEM: 3,
  MAP_GET_NEXT_KEY: 4,
  PROG_LOAD: 5,
  OBJ_PIN: 6,
  OBJ_GET: 7,
  PROG_ATTACH: 8,
  PROG_DETACH: 9,
  PROG_TEST_RUN: 10,
  PROG_GET_NEXT_ID: 11,
  MAP_GET_NEXT_ID: 12,
  PROG_GET_FD_BY_ID: 13,
  MAP_GET_FD_BY_ID: 14,
  OBJ_GET_INFO_BY_FD: 15,
  PROG_QUERY: 16,
  RAW_TRACEPOINT_OPEN: 17,
  BTF_LOAD: 18,
  BTF_GET_FD_BY_ID: 19,
  TASK_FD_QUERY: 20,
  MAP_LOOKUP_AND_DELETE_ELEM: 21,
  MAP_FREEZE: 22,
  BTF_GET_NEXT_ID: 23,
  MAP_LOOKUP_BATCH: 24,
  MAP_LOOKUP_AND_DELETE_BATCH: 25,
  MAP_UPDATE_BATCH: 26,
  MAP_DELETE_BATCH: 27,
  LINK_CREATE: 28,
  LINK_UPDATE: 29,
  LINK_GET_FD_BY_ID: 30,
  LINK_GET_NEXT_ID: 31,
  ENABLE_STATS: 32,
  ITER_CREATE: 33,
  LINK_DETACH: 34,
  PROG_BIND_MAP: 35,
  TOKEN_CREATE: 36,
  PROG_STREAM_READ_BY_FD: 37,
  PROG_ASSOC_STRUCT_OPS: 38,
} as const;

/** The arm of union bpf_attr with `map_type`. */
export const MAP_CREATE = {
  size: 96,
  fields: {
    map_type: [0, 'u32'],
    key_size: [4, 'u32'],
    value_size: [8, 'u32'],
    max_entries: [12, 'u32'],
    map_flags: [16, 'u32'],
    inner_map_fd: [20, 'u32'],
    numa_node: [24, 'u32'],
    map_name: [28, 'char', 16],
    map_ifindex: [44, 'u32'],
    btf_fd: [48, 'u32'],
    btf_key_type_id: [52, 'u32'],
    btf_value_type_id: [56, 'u32'],
    btf_vmlinux_value_type_id: [60, 'u32'],
    map_extra: [64, 'u64'],
    value_type_btf_obj_fd: [72, 'i32'],
    map_token_fd: [76, 'i32'],
    excl_prog_hash: [80, 'u64'],
    excl_prog_hash_size: [88, 'u32'],
  },
} as const satisfies Layout;

/** The arm of union bpf_attr with `next_key`. */
export const MAP_ELEM = {
  size: 32,
  fields: {
    map_fd: [0, 'u32'],
    key: [8, 'u64'],
    value: [16, 'u64'],
    next_key: [16, 'u64'],
    flags: [24, 'u64'],
  },
} as const satisfies Layout;

/** The arm of union bpf_attr with `batch`. */
export const MAP_BATCH = {
  size: 56,
  fields: {
    in_batch: [0, 'u64'],
    out_batch: [8, 'u64'],
    keys: [16, 'u64'],
    values: [24, 'u64'],
    count: [32, 'u32'],
    map_fd: [36, 'u32'],
    elem_flags: [40, 'u64'],
    flags: [48, 'u64'],
  },
} as const satisfies Layout;

/** The arm of union bpf_attr with `prog_type`. */
export const PROG_LOAD = {
  size: 168,
  fields: {
    prog_type: [0, 'u32'],
    insn_cnt: [4, 'u32'],
    insns: [8, 'u64'],
    license: [16, 'u64'],
    log_level: [24, 'u32'],
    log_size: [28, 'u32'],
    log_buf: [32, 'u64'],
    kern_version: [40, 'u32'],
    prog_flags: [44, 'u32'],
    prog_name: [48, 'char', 16],
    prog_ifindex: [64, 'u32'],
    expected_attach_type: [68, 'u32'],
    prog_btf_fd: [72, 'u32'],
    func_info_rec_size: [76, 'u32'],
    func_info: [80, 'u64'],
    func_info_cnt: [88, 'u32'],
    line_info_rec_size: [92, 'u32'],
    line_info: [96, 'u64'],
    line_info_cnt: [104, 'u32'],
    attach_btf_id: [108, 'u32'],
    attach_prog_fd: [112, 'u32'],
    attach_btf_obj_fd: [112, 'u32'],
    core_relo_cnt: [116, 'u32'],
    fd_array: [120, 'u64'],
    core_relos: [128, 'u64'],
    core_relo_rec_size: [136, 'u32'],
    log_true_size: [140, 'u32'],
    prog_token_fd: [144, 'i32'],
    fd_array_cnt: [148, 'u32'],
    signature: [152, 'u64'],
    signature_size: [160, 'u32'],
    keyring_id: [164, 'i32'],
  },
} as const satisfies Layout;

/** The arm of union bpf_attr with `pathname`. */
export const OBJ = {
  size: 24,
  fields: {
    pathname: [0, 'u64'],
    bpf_fd: [8, 'u32'],
    file_flags: [12, 'u32'],
    path_fd: [16, 'i32'],
  },
} as const satisfies Layout;

/** The arm of union bpf_attr with `attach_bpf_fd`. */
export const PROG_ATTACH = {
  size: 32,
  fields: {
    target_fd: [0, 'u32'],
    target_ifindex: [0, 'u32'],
    attach_bpf_fd: [4, 'u32'],
    attach_type: [8, 'u32'],
    attach_flags: [12, 'u32'],
    replace_bpf_fd: [16, 'u32'],
    relative_fd: [20, 'u32'],
    relative_id: [20, 'u32'],
    expected_revision: [24, 'u64'],
  },
} as const satisfies Layout;

/** The arm of union bpf_attr with `test`. */
export const PROG_TEST_RUN = {
  size: 80,
  fields: {
    prog_fd: [0, 'u32'],
    retval: [4, 'u32'],
    data_size_in: [8, 'u32'],
    data_size_out: [12, 'u32'],
    data_in: [16, 'u64'],
    data_out: [24, 'u64'],
    repeat: [32, 'u32'],
    duration: [36, 'u32'],
    ctx_size_in: [40, 'u32'],
    ctx_size_out: [44, 'u32'],
    ctx_in: [48, 'u64'],
    ctx_out: [56, 'u64'],
    flags: [64, 'u32'],
    cpu: [68, 'u32'],
    batch_size: [72, 'u32'],
  },
} as const satisfies Layout;

/** The arm of union bpf_attr with `start_id`. */
export const GET_ID = {
  size: 16,
  fields: {
    start_id: [0, 'u32'],
    prog_id: [0, 'u32'],
    map_id: [0, 'u32'],
    btf_id: [0, 'u32'],
    link_id: [0, 'u32'],
    next_id: [4, 'u32'],
    open_flags: [8, 'u32'],
    fd_by_id_token_fd: [12, 'i32'],
  },
} as const satisfies Layout;

/** The arm of union bpf_attr with `info`. */
export const OBJ_GET_INFO = {
  size: 16,
  fields: {
    bpf_fd: [0, 'u32'],
    info_len: [4, 'u32'],
    info: [8, 'u64'],
  },
} as const satisfies Layout;

/** The arm of union bpf_attr with `query`. */
export const PROG_QUERY = {
  size: 64,
  fields: {
    target_fd: [0, 'u32'],
    target_ifindex: [0, 'u32'],
    attach_type: [4, 'u32'],
    query_flags: [8, 'u32'],
    attach_flags: [12, 'u32'],
    prog_ids: [16, 'u64'],
    prog_cnt: [24, 'u32'],
    count: [24, 'u32'],
    prog_attach_flags: [32, 'u64'],
    link_ids: [40, 'u64'],
    link_attach_flags: [48, 'u64'],
    revision: [56, 'u64'],
  },
} as const satisfies Layout;

/** The arm of union bpf_attr with `raw_tracepoint`. */
export const RAW_TRACEPOINT = {
  size: 24,
  fields: {
    name: [0, 'u64'],
    prog_fd: [8, 'u32'],
    cookie: [16, 'u64'],
  },
} as const satisfies Layout;

/** The arm of union bpf_attr with `btf_size`. */
export const BTF_LOAD = {
  size: 40,
  fields: {
    btf: [0, 'u64'],
    btf_log_buf: [8, 'u64'],
    btf_size: [16, 'u32'],
    btf_log_size: [20, 'u32'],
    btf_log_level: [24, 'u32'],
    btf_log_true_size: [28, 'u32'],
    btf_flags: [32, 'u32'],
    btf_token_fd: [36, 'i32'],
  },
} as const satisfies Layout;

/** The arm of union bpf_attr with `task_fd_query`. */
export const TASK_FD_QUERY = {
  size: 48,
  fields: {
    pid: [0, 'u32'],
    fd: [4, 'u32'],
    flags: [8, 'u32'],
    buf_len: [12, 'u32'],
    buf: [16, 'u64'],
    prog_id: [24, 'u32'],
    fd_type: [28, 'u32'],
    probe_offset: [32, 'u64'],
    probe_addr: [40, 'u64'],
  },
} as const satisfies Layout;

/** The arm of union bpf_attr with `link_create`. */
export const LINK_CREATE = {
  size: 64,
  fields: {
    prog_fd: [0, 'u32'],
    map_fd: [0, 'u32'],
    target_fd: [4, 'u32'],
    target_ifindex: [4, 'u32'],
    attach_type: [8, 'u32'],
    flags: [12, 'u32'],
    target_btf_id: [16, 'u32'],
    iter_info: [16, 'u64'],
    iter_info_len: [24, 'u32'],
    'perf_event.bpf_cookie': [16, 'u64'],
    'kprobe_multi.flags': [16, 'u32'],
    'kprobe_multi.cnt': [20, 'u32'],
    'kprobe_multi.syms': [24, 'u64'],
    'kprobe_multi.addrs': [32, 'u64'],
    'kprobe_multi.cookies': [40, 'u64'],
    'tracing.target_btf_id': [16, 'u32'],
    'tracing.cookie': [24, 'u64'],
    'netfilter.pf': [16, 'u32'],
    'netfilter.hooknum': [20, 'u32'],
    'netfilter.priority': [24, 'i32'],
    'netfilter.flags': [28, 'u32'],
    'tcx.relative_fd': [16, 'u32'],
    'tcx.relative_id': [16, 'u32'],
    'tcx.expected_revision': [24, 'u64'],
    'uprobe_multi.path': [16, 'u64'],
    'uprobe_multi.offsets': [24, 'u64'],
    'uprobe_multi.ref_ctr_offsets': [32, 'u64'],
    'uprobe_multi.cookies': [40, 'u64'],
    'uprobe_multi.cnt': [48, 'u32'],
    'uprobe_multi.flags': [52, 'u32'],
    'uprobe_multi.pid': [56, 'u32'],
    'uprobe_multi.path_fd': [60, 'u32'],
    'netkit.relative_fd': [16, 'u32'],
    'netkit.relative_id': [16, 'u32'],
    'netkit.expected_revision': [24, 'u64'],
    'cgroup.relative_fd': [16, 'u32'],
    'cgroup.relative_id': [16, 'u32'],
    'cgroup.expected_revision': [24, 'u64'],
    'tracing_multi.ids': [16, 'u64'],
    'tracing_multi.cookies': [24, 'u64'],
    'tracing_multi.cnt': [32, 'u32'],
  },
} as const satisfies Layout;

/** The arm of union bpf_attr with `link_update`. */
export const LINK_UPDATE = {
  size: 16,
  fields: {
    link_fd: [0, 'u32'],
    new_prog_fd: [4, 'u32'],
    new_map_fd: [4, 'u32'],
    flags: [8, 'u32'],
    old_prog_fd: [12, 'u32'],
    old_map_fd: [12, 'u32'],
  },
} as const satisfies Layout;

/** The arm of union bpf_attr with `link_detach`. */
export const LINK_DETACH = {
  size: 4,
  fields: {
    link_fd: [0, 'u32'],
  },
} as const satisfies Layout;

/** The arm of union bpf_attr with `enable_stats`. */
export const ENABLE_STATS = {
  size: 4,
  fields: {
    type: [0, 'u32'],
  },
} as const satisfies Layout;

/** The arm of union bpf_attr with `iter_create`. */
export const ITER_CREATE = {
  size: 8,
  fields: {
    link_fd: [0, 'u32'],
    flags: [4, 'u32'],
  },
} as const satisfies Layout;

/** The arm of union bpf_attr with `prog_bind_map`. */
export const PROG_BIND_MAP = {
  size: 12,
  fields: {
    prog_fd: [0, 'u32'],
    map_fd: [4, 'u32'],
    flags: [8, 'u32'],
  },
} as const satisfies Layout;

/** The arm of union bpf_attr with `token_create`. */
export const TOKEN_CREATE = {
  size: 8,
  fields: {
    flags: [0, 'u32'],
    bpffs_fd: [4, 'u32'],
  },
} as const satisfies Layout;

/** The arm of union bpf_attr with `prog_stream_read`. */
export const PROG_STREAM_READ = {
  size: 24,
  fields: {
    stream_buf: [0, 'u64'],
    stream_buf_len: [8, 'u32'],
    stream_id: [12, 'u32'],
    prog_fd: [16, 'u32'],
  },
} as const satisfies Layout;

/** The arm of union bpf_attr with `prog_assoc_struct_ops`. */
export const PROG_ASSOC_STRUCT_OPS = {
  size: 12,
  fields: {
    map_fd: [0, 'u32'],
    prog_fd: [4, 'u32'],
    flags: [8, 'u32'],
  },
} as const satisfies Layout;

/** struct bpf_prog_info */
export const PROG_INFO = {
  size: 232,
  fields: {
    type: [0, 'u32'],
    id: [4, 'u32'],
    tag: [8, 'u8', 8],
    jited_prog_len: [16, 'u32'],
    xlated_prog_len: [20, 'u32'],
    jited_prog_insns: [24, 'u64'],
    xlated_prog_insns: [32, 'u64'],
    load_time: [40, 'u64'],
    created_by_uid: [48, 'u32'],
    nr_map_ids: [52, 'u32'],
    map_ids: [56, 'u64'],
    name: [64, 'char', 16],
    ifindex: [80, 'u32'],
    gpl_compatible: [84, 'bits', 0, 1],
    netns_dev: [88, 'u64'],
    netns_ino: [96, 'u64'],
    nr_jited_ksyms: [104, 'u32'],
    nr_jited_func_lens: [108, 'u32'],
    jited_ksyms: [112, 'u64'],
    jited_func_lens: [120, 'u64'],
    btf_id: [128, 'u32'],
    func_info_rec_size: [132, 'u32'],
    func_info: [136, 'u64'],
    nr_func_info: [144, 'u32'],
    nr_line_info: [148, 'u32'],
    line_info: [152, 'u64'],
    jited_line_info: [160, 'u64'],
    nr_jited_line_info: [168, 'u32'],
    line_info_rec_size: [172, 'u32'],
    jited_line_info_rec_size: [176, 'u32'],
    nr_prog_tags: [180, 'u32'],
    prog_tags: [184, 'u64'],
    run_time_ns: [192, 'u64'],
    run_cnt: [200, 'u64'],
    recursion_misses: [208, 'u64'],
    verified_insns: [216, 'u32'],
    attach_btf_obj_id: [220, 'u32'],
    attach_btf_id: [224, 'u32'],
  },
} as const satisfies Layout;

/** struct bpf_map_info */
export const MAP_INFO = {
  size: 104,
  fields: {
    type: [0, 'u32'],
    id: [4, 'u32'],
    key_size: [8, 'u32'],
    value_size: [12, 'u32'],
    max_entries: [16, 'u32'],
    map_flags: [20, 'u32'],
    name: [24, 'char', 16],
    ifindex: [40, 'u32'],
    btf_vmlinux_value_type_id: [44, 'u32'],
    netns_dev: [48, 'u64'],
    netns_ino: [56, 'u64'],
    btf_id: [64, 'u32'],
    btf_key_type_id: [68, 'u32'],
    btf_value_type_id: [72, 'u32'],
    btf_vmlinux_id: [76, 'u32'],
    map_extra: [80, 'u64'],
    hash: [88, 'u64'],
    hash_size: [96, 'u32'],
  },
} as const satisfies Layout;

/** struct bpf_btf_info */
export const BTF_INFO = {
  size: 32,
  fields: {
    btf: [0, 'u64'],
    btf_size: [8, 'u32'],
    id: [12, 'u32'],
    name: [16, 'u64'],
    name_len: [24, 'u32'],
    kernel_btf: [28, 'u32'],
  },
} as const satisfies Layout;

/** struct bpf_link_info */
export const LINK_INFO = {
  size: 64,
  fields: {
    type: [0, 'u32'],
    id: [4, 'u32'],
    prog_id: [8, 'u32'],
    'raw_tracepoint.tp_name': [16, 'u64'],
    'raw_tracepoint.tp_name_len': [24, 'u32'],
    'raw_tracepoint.cookie': [32, 'u64'],
    'tracing.attach_type': [16, 'u32'],
    'tracing.target_obj_id': [20, 'u32'],
    'tracing.target_btf_id': [24, 'u32'],
    'tracing.cookie': [32, 'u64'],
    'cgroup.cgroup_id': [16, 'u64'],
    'cgroup.attach_type': [24, 'u32'],
    'iter.target_name': [16, 'u64'],
    'iter.target_name_len': [24, 'u32'],
    'iter.map.map_id': [28, 'u32'],
    'iter.cgroup.cgroup_id': [32, 'u64'],
    'iter.cgroup.order': [40, 'u32'],
    'iter.task.tid': [32, 'u32'],
    'iter.task.pid': [36, 'u32'],
    'netns.netns_ino': [16, 'u32'],
    'netns.attach_type': [20, 'u32'],
    'xdp.ifindex': [16, 'u32'],
    'struct_ops.map_id': [16, 'u32'],
    'netfilter.pf': [16, 'u32'],
    'netfilter.hooknum': [20, 'u32'],
    'netfilter.priority': [24, 'i32'],
    'netfilter.flags': [28, 'u32'],
    'kprobe_multi.addrs': [16, 'u64'],
    'kprobe_multi.count': [24, 'u32'],
    'kprobe_multi.flags': [28, 'u32'],
    'kprobe_multi.missed': [32, 'u64'],
    'kprobe_multi.cookies': [40, 'u64'],
    'uprobe_multi.path': [16, 'u64'],
    'uprobe_multi.offsets': [24, 'u64'],
    'uprobe_multi.ref_ctr_offsets': [32, 'u64'],
    'uprobe_multi.cookies': [40, 'u64'],
    'uprobe_multi.path_size': [48, 'u32'],
    'uprobe_multi.count': [52, 'u32'],
    'uprobe_multi.flags': [56, 'u32'],
    'uprobe_multi.pid': [60, 'u32'],
    'perf_event.type': [16, 'u32'],
    'perf_event.uprobe.file_name': [24, 'u64'],
    'perf_event.uprobe.name_len': [32, 'u32'],
    'perf_event.uprobe.offset': [36, 'u32'],
    'perf_event.uprobe.cookie': [40, 'u64'],
    'perf_event.uprobe.ref_ctr_offset': [48, 'u64'],
    'perf_event.kprobe.func_name': [24, 'u64'],
    'perf_event.kprobe.name_len': [32, 'u32'],
    'perf_event.kprobe.offset': [36, 'u32'],
    'perf_event.kprobe.addr': [40, 'u64'],
    'perf_event.kprobe.missed': [48, 'u64'],
    'perf_event.kprobe.cookie': [56, 'u64'],
    'perf_event.tracepoint.tp_name': [24, 'u64'],
    'perf_event.tracepoint.name_len': [32, 'u32'],
    'perf_event.tracepoint.cookie': [40, 'u64'],
    'perf_event.event.config': [24, 'u64'],
    'perf_event.event.type': [32, 'u32'],
    'perf_event.event.cookie': [40, 'u64'],
    'tcx.ifindex': [16, 'u32'],
    'tcx.attach_type': [20, 'u32'],
    'netkit.ifindex': [16, 'u32'],
    'netkit.attach_type': [20, 'u32'],
    'sockmap.map_id': [16, 'u32'],
    'sockmap.attach_type': [20, 'u32'],
  },
} as const satisfies Layout;

/** struct bpf_token_info */
export const TOKEN_INFO = {
  size: 32,
  fields: {
    allowed_cmds: [0, 'u64'],
    allowed_maps: [8, 'u64'],
    allowed_progs: [16, 'u64'],
    allowed_attachs: [24, 'u64'],
  },
} as const satisfies Layout;

/** struct bpf_func_info */
export const FUNC_INFO = {
  size: 8,
  fields: {
    insn_off: [0, 'u32'],
    type_id: [4, 'u32'],
  },
} as const satisfies Layout;

/** struct bpf_line_info */
export const LINE_INFO = {
  size: 16,
  fields: {
    insn_off: [0, 'u32'],
    file_name_off: [4, 'u32'],
    line_off: [8, 'u32'],
    line_col: [12, 'u32'],
  },
} as const satisfies Layout;

/** struct perf_event_attr */
export const PERF_EVENT_ATTR = {
  size: 144,
  fields: {
    type: [0, 'u32'],
    size: [4, 'u32'],
    config: [8, 'u64'],
    sample_period: [16, 'u64'],
    sample_freq: [16, 'u64'],
    sample_type: [24, 'u64'],
    read_format: [32, 'u64'],
    disabled: [40, 'bits', 0, 1],
    inherit: [40, 'bits', 1, 1],
    pinned: [40, 'bits', 2, 1],
    exclusive: [40, 'bits', 3, 1],
    exclude_user: [40, 'bits', 4, 1],
    exclude_kernel: [40, 'bits', 5, 1],
    exclude_hv: [40, 'bits', 6, 1],
    exclude_idle: [40, 'bits', 7, 1],
    mmap: [41, 'bits', 0, 1],
    comm: [41, 'bits', 1, 1],
    freq: [41, 'bits', 2, 1],
    inherit_stat: [41, 'bits', 3, 1],
    enable_on_exec: [41, 'bits', 4, 1],
    task: [41, 'bits', 5, 1],
    watermark: [41, 'bits', 6, 1],
    precise_ip: [41, 'bits', 7, 2],
    mmap_data: [42, 'bits', 1, 1],
    sample_id_all: [42, 'bits', 2, 1],
    exclude_host: [42, 'bits', 3, 1],
    exclude_guest: [42, 'bits', 4, 1],
    exclude_callchain_kernel: [42, 'bits', 5, 1],
    exclude_callchain_user: [42, 'bits', 6, 1],
    mmap2: [42, 'bits', 7, 1],
    comm_exec: [43, 'bits', 0, 1],
    use_clockid: [43, 'bits', 1, 1],
    context_switch: [43, 'bits', 2, 1],
    write_backward: [43, 'bits', 3, 1],
    namespaces: [43, 'bits', 4, 1],
    ksymbol: [43, 'bits', 5, 1],
    bpf_event: [43, 'bits', 6, 1],
    aux_output: [43, 'bits', 7, 1],
    cgroup: [44, 'bits', 0, 1],
    text_poke: [44, 'bits', 1, 1],
    build_id: [44, 'bits', 2, 1],
    inherit_thread: [44, 'bits', 3, 1],
    remove_on_exec: [44, 'bits', 4, 1],
    sigtrap: [44, 'bits', 5, 1],
    defer_callchain: [44, 'bits', 6, 1],
    defer_output: [44, 'bits', 7, 1],
    __reserved_1: [45, 'bits', 0, 24],
    wakeup_events: [48, 'u32'],
    wakeup_watermark: [48, 'u32'],
    bp_type: [52, 'u32'],
    bp_addr: [56, 'u64'],
    kprobe_func: [56, 'u64'],
    uprobe_path: [56, 'u64'],
    config1: [56, 'u64'],
    bp_len: [64, 'u64'],
    kprobe_addr: [64, 'u64'],
    probe_offset: [64, 'u64'],
    config2: [64, 'u64'],
    branch_sample_type: [72, 'u64'],
    sample_regs_user: [80, 'u64'],
    sample_stack_user: [88, 'u32'],
    clockid: [92, 'i32'],
    sample_regs_intr: [96, 'u64'],
    aux_watermark: [104, 'u32'],
    sample_max_stack: [108, 'u16'],
    __reserved_2: [110, 'u16'],
    aux_sample_size: [112, 'u32'],
    aux_action: [116, 'u32'],
    aux_start_paused: [116, 'bits', 0, 1],
    aux_pause: [116, 'bits', 1, 1],
    aux_resume: [116, 'bits', 2, 1],
    __reserved_3: [116, 'bits', 3, 29],
    sig_data: [120, 'u64'],
    config3: [128, 'u64'],
    config4: [136, 'u64'],
  },
} as const satisfies Layout;

/** struct perf_event_mmap_page */
export const PERF_EVENT_MMAP_PAGE = {
  size: 1088,
  fields: {
    version: [0, 'u32'],
    compat_version: [4, 'u32'],
    lock: [8, 'u32'],
    index: [12, 'u32'],
    offset: [16, 'i64'],
    time_enabled: [24, 'u64'],
    time_running: [32, 'u64'],
    capabilities: [40, 'u64'],
    cap_bit0: [40, 'bits', 0, 1],
    cap_bit0_is_deprecated: [40, 'bits', 1, 1],
    cap_user_rdpmc: [40, 'bits', 2, 1],
    cap_user_time: [40, 'bits', 3, 1],
    cap_user_time_zero: [40, 'bits', 4, 1],
    cap_user_time_short: [40, 'bits', 5, 1],
    cap_____res: [40, 'bits', 6, 58],
    pmc_width: [48, 'u16'],
    time_shift: [50, 'u16'],
    time_mult: [52, 'u32'],
    time_offset: [56, 'u64'],
    time_zero: [64, 'u64'],
    size: [72, 'u32'],
    __reserved_1: [76, 'u32'],
    time_cycles: [80, 'u64'],
    time_mask: [88, 'u64'],
    __reserved: [96, 'u8', 928],
    data_head: [1024, 'u64'],
    data_tail: [1032, 'u64'],
    data_offset: [1040, 'u64'],
    data_size: [1048, 'u64'],
    aux_head: [1056, 'u64'],
    aux_tail: [1064, 'u64'],
    aux_offset: [1072, 'u64'],
    aux_size: [1080, 'u64'],
  },
} as const satisfies Layout;

/** struct nlmsghdr */
export const NLMSGHDR = {
  size: 16,
  fields: {
    nlmsg_len: [0, 'u32'],
    nlmsg_type: [4, 'u16'],
    nlmsg_flags: [6, 'u16'],
    nlmsg_seq: [8, 'u32'],
    nlmsg_pid: [12, 'u32'],
  },
} as const satisfies Layout;

/** struct rtattr */
export const RTATTR = {
  size: 4,
  fields: {
    rta_len: [0, 'u16'],
    rta_type: [2, 'u16'],
  },
} as const satisfies Layout;

/** struct ifinfomsg */
export const IFINFOMSG = {
  size: 16,
  fields: {
    ifi_family: [0, 'u8'],
    __ifi_pad: [1, 'u8'],
    ifi_type: [2, 'u16'],
    ifi_index: [4, 'i32'],
    ifi_flags: [8, 'u32'],
    ifi_change: [12, 'u32'],
  },
} as const satisfies Layout;

/** struct ifaddrmsg */
export const IFADDRMSG = {
  size: 8,
  fields: {
    ifa_family: [0, 'u8'],
    ifa_prefixlen: [1, 'u8'],
    ifa_flags: [2, 'u8'],
    ifa_scope: [3, 'u8'],
    ifa_index: [4, 'u32'],
  },
} as const satisfies Layout;

/** struct tcmsg */
export const TCMSG = {
  size: 20,
  fields: {
    tcm_family: [0, 'u8'],
    tcm__pad1: [1, 'u8'],
    tcm__pad2: [2, 'u16'],
    tcm_ifindex: [4, 'i32'],
    tcm_handle: [8, 'u32'],
    tcm_parent: [12, 'u32'],
    tcm_info: [16, 'u32'],
  },
} as const satisfies Layout;

/** struct rtmsg */
export const RTMSG = {
  size: 12,
  fields: {
    rtm_family: [0, 'u8'],
    rtm_dst_len: [1, 'u8'],
    rtm_src_len: [2, 'u8'],
    rtm_tos: [3, 'u8'],
    rtm_table: [4, 'u8'],
    rtm_protocol: [5, 'u8'],
    rtm_scope: [6, 'u8'],
    rtm_type: [7, 'u8'],
    rtm_flags: [8, 'u32'],
  },
} as const satisfies Layout;
