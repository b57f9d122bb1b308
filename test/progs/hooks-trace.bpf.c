/* One program for each hook of tracing. They run for the whole system, so they count only what process `target` does. */
#include "count.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} target SEC(".maps");

static __always_inline void count_target(__u32 slot)
{
	__u32 zero = 0, *pid = bpf_map_lookup_elem(&target, &zero);

	if (pid && *pid == bpf_get_current_pid_tgid() >> 32)
		count(slot);
}

#define TARGET_PROGRAM(section, name)       \
	SEC(section) int name(void *ctx)    \
	{                                   \
		count_target(__COUNTER__);  \
		return 0;                   \
	}

TARGET_PROGRAM("tracepoint/raw_syscalls/sys_enter", on_tracepoint)
TARGET_PROGRAM("tp/sched/sched_switch", on_switch)
TARGET_PROGRAM("raw_tracepoint/sys_enter", on_raw_tracepoint)
TARGET_PROGRAM("raw_tp/sys_exit", on_raw_tp)
TARGET_PROGRAM("tp_btf/sys_enter", on_tp_btf)
TARGET_PROGRAM("perf_event", on_clock)
