// Sends one record for each run, of which there is one at a time, through a perf event array: a number that counts up, behind it as many bytes as make it `size` long.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct event {
	__u64 number;
	__u32 length;
	__u8 rest[244];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} events SEC(".maps");

/* Brings the type into the BTF. */
struct event *unused;

__u64 sent = 0;
__u64 failed = 0;
__u32 size = sizeof(struct event);
__u64 place = BPF_F_CURRENT_CPU;

SEC("socket")
int send_event(struct __sk_buff *skb)
{
	struct event event = { .number = sent++, .length = skb->len };
	__u32 length = size;

	/* Two comparisons of the register that is passed: of one of both together older verifiers learn nothing of it. */
	if (length < 1)
		return -1;
	barrier_var(length);
	if (length > sizeof(event))
		return -1;
	barrier_var(length);
	if (bpf_perf_event_output(skb, &events, place, &event, length))
		__sync_fetch_and_add(&failed, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
