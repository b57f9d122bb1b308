/* Files that somebody asks about. */
#include "tool.h"

struct event {
	__u32 pid;
	char comm[COMM], file[PATH];
};
EVENT(event);
struct ring events SEC(".maps");

struct call {
	TRACE_ENTRY;
	long number;
	unsigned long args[6];
};

static __always_inline int tell(unsigned long file)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return 0;
	event->pid = process_id();
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	bpf_probe_read_user_str(event->file, sizeof(event->file), (void *)file);
	bpf_ringbuf_submit(event, 0);
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_statx") int on_statx(struct call *ctx)
{
	return tell(ctx->args[1]);
}

SEC("tracepoint/syscalls/sys_enter_newfstatat") int on_fstatat(struct call *ctx)
{
	return tell(ctx->args[1]);
}
