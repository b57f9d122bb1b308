/* What `run` meets: a program whose section needs a device, an optional one, one that is not attached by itself, constants, data, a ring buffer. */
#include "count.h"

#define TC_OK 0

const volatile __u32 limit = 7;
__u64 seen;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("tc") int see(struct __sk_buff *skb)
{
	count(0);
	seen += limit;
	bpf_ringbuf_output(&events, &seen, sizeof(seen), 0);
	return TC_OK;
}

SEC("?xdp") int optional(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("xdp/devmap") int in_devmap(struct xdp_md *ctx)
{
	return XDP_PASS;
}
