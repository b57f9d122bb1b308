/* File systems that are mounted. */
#include "tool.h"

struct event {
	__u32 pid;
	char source[PATH], target[PATH], type[COMM];
};
EVENT(event);
struct ring events SEC(".maps");

struct call {
	TRACE_ENTRY;
	long number;
	unsigned long args[6];
};

SEC("tracepoint/syscalls/sys_enter_mount") int on_mount(struct call *ctx)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return 0;
	event->pid = process_id();
	bpf_probe_read_user_str(event->source, sizeof(event->source), (void *)ctx->args[0]);
	bpf_probe_read_user_str(event->target, sizeof(event->target), (void *)ctx->args[1]);
	bpf_probe_read_user_str(event->type, sizeof(event->type), (void *)ctx->args[2]);
	bpf_ringbuf_submit(event, 0);
	return 0;
}
