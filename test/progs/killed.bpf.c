/* What is killed while it loads, attaches and runs: every name begins with killed_x, in whose place each test run puts letters of its own. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u64);
} killed_x_map SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} killed_x_ring SEC(".maps");

__u64 killed_x_seen = 0;

#define SEES(name)                                                                                           \
	SEC("tcx/ingress") int killed_x_##name(struct __sk_buff *skb)                                                 \
	{                                                                                                    \
		__u32 key = skb->len;                                                                        \
		__u64 seen = __sync_fetch_and_add(&killed_x_seen, 1);                                        \
		bpf_map_update_elem(&killed_x_map, &key, &seen, BPF_ANY);                                    \
		bpf_ringbuf_output(&killed_x_ring, &seen, sizeof(seen), 0);                                  \
		return TC_ACT_OK;                                                                            \
	}

SEES(one)
SEES(two)
SEES(three)
SEES(four)
SEES(five)
SEES(six)

/* What the kernel gives no link for. */
SEC("?tc") int killed_x_filter(struct __sk_buff *skb)
{
	return TC_ACT_OK;
}

SEC("?cgroup_skb/egress") int killed_x_egress(struct __sk_buff *skb)
{
	return 1;
}

char LICENSE[] SEC("license") = "GPL";
