/* States that TCP connections go through. */
#include "tool.h"

enum state { ESTABLISHED = 1, SYN_SENT, SYN_RECV, FIN_WAIT1, FIN_WAIT2, TIME_WAIT, CLOSED, CLOSE_WAIT, LAST_ACK, LISTEN, CLOSING, NEW_SYN_RECV };

struct event {
	__u16 sport, dport;
	enum state from, to;
};
EVENT(event);
struct ring events SEC(".maps");

struct change {
	TRACE_ENTRY;
	const void *sk;
	int from, to;
	__u16 sport, dport, family, protocol;
};

SEC("tracepoint/sock/inet_sock_set_state") int on_change(struct change *ctx)
{
	struct event event = { .sport = ctx->sport, .dport = ctx->dport, .from = ctx->from, .to = ctx->to };

	bpf_ringbuf_output(&events, &event, sizeof(event), 0);
	return 0;
}
