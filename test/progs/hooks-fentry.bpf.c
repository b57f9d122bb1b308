/* One program for each hook that the kernel patches into a function. They run for the whole system, so they count only what process `target` does. */
#include "count.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} target SEC(".maps");

#define TARGET_PROGRAM(section, name)                                         \
	SEC(section) int name(void *ctx)                                      \
	{                                                                     \
		__u32 zero = 0, *pid = bpf_map_lookup_elem(&target, &zero);   \
                                                                              \
		if (pid && *pid == bpf_get_current_pid_tgid() >> 32)          \
			count(__COUNTER__);                                   \
		return 0;                                                     \
	}

TARGET_PROGRAM("fentry/security_file_open", on_fentry)
TARGET_PROGRAM("fexit/security_file_open", on_fexit)
TARGET_PROGRAM("fmod_ret/security_file_open", on_fmod_ret)
TARGET_PROGRAM("lsm/file_open", on_lsm)
