/* Files that are opened, and what came of it. */
#include "tool.h"

struct event {
	__u32 pid;
	__s32 result;
	char comm[COMM], file[PATH];
};
EVENT(event);
struct perf events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, const char *);
} begun SEC(".maps");

struct call {
	TRACE_ENTRY;
	long number;
	unsigned long args[6];
};

struct end {
	TRACE_ENTRY;
	long number, result;
};

SEC("tracepoint/syscalls/sys_enter_openat") int on_open(struct call *ctx)
{
	__u32 thread = thread_id();
	const char *file = (const char *)ctx->args[1];

	bpf_map_update_elem(&begun, &thread, &file, BPF_ANY);
	return 0;
}

SEC("tracepoint/syscalls/sys_exit_openat") int on_opened(struct end *ctx)
{
	__u32 thread = thread_id();
	const char **file = bpf_map_lookup_elem(&begun, &thread);
	struct event event = { .pid = process_id(), .result = ctx->result };

	if (!file)
		return 0;
	bpf_get_current_comm(event.comm, sizeof(event.comm));
	bpf_probe_read_user_str(event.file, sizeof(event.file), *file);
	bpf_map_delete_elem(&begun, &thread);
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}
