/* Says something on each packet, numbered, and counts what no longer fitted: of a ring buffer nobody else knows. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

struct endured_event {
	__u64 number;
	char name[16];
};

/* What makes the type part of the object. */
const struct endured_event *unused __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 18);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} perf SEC(".maps");

/* Global, so that both stand at the beginning of the data, in this order. */
__u64 made = 0;
__u64 refused = 0;

SEC("tc") int say_ring(struct __sk_buff *skb)
{
	struct endured_event event = { .number = __sync_fetch_and_add(&made, 1), .name = "ring" };

	if (bpf_ringbuf_output(&ring, &event, sizeof(event), 0) != 0)
		__sync_fetch_and_add(&refused, 1);
	return TC_ACT_OK;
}

/* What does not fit a perf event array is told to its reader. */
SEC("?tc") int say_perf(struct __sk_buff *skb)
{
	struct endured_event event = { .number = __sync_fetch_and_add(&made, 1), .name = "perf" };

	bpf_perf_event_output(skb, &perf, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return TC_ACT_OK;
}

char LICENSE[] SEC("license") = "GPL";
