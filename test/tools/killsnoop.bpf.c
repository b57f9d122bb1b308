/* Signals that are sent. */
#include "tool.h"

struct event {
	__u32 from, to;
	__s32 signal;
	char comm[COMM];
};
EVENT(event);
struct ring events SEC(".maps");

struct signal {
	TRACE_ENTRY;
	int signal, error, code;
	char comm[COMM];
	int pid;
};

SEC("tracepoint/signal/signal_generate") int on_signal(struct signal *ctx)
{
	struct event event = { .from = process_id(), .to = ctx->pid, .signal = ctx->signal };

	bpf_get_current_comm(event.comm, sizeof(event.comm));
	bpf_ringbuf_output(&events, &event, sizeof(event), 0);
	return 0;
}
