/* How long TCP connections lived. */
#include "tool.h"

#define ESTABLISHED 1
#define CLOSED 7

struct event {
	__u64 microseconds;
	__u16 sport, dport;
};
EVENT(event);
struct ring events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, const void *);
	__type(value, __u64);
} births SEC(".maps");

struct change {
	TRACE_ENTRY;
	const void *sk;
	int from, to;
	__u16 sport, dport, family, protocol;
};

SEC("tracepoint/sock/inet_sock_set_state") int on_change(struct change *ctx)
{
	const void *sk = ctx->sk;
	__u64 now = bpf_ktime_get_ns(), *birth;
	struct event event = { .sport = ctx->sport, .dport = ctx->dport };

	if (ctx->to == ESTABLISHED)
		bpf_map_update_elem(&births, &sk, &now, BPF_ANY);
	birth = bpf_map_lookup_elem(&births, &sk);
	if (!birth || ctx->to != CLOSED)
		return 0;
	event.microseconds = (now - *birth) / 1000;
	bpf_map_delete_elem(&births, &sk);
	bpf_ringbuf_output(&events, &event, sizeof(event), 0);
	return 0;
}
