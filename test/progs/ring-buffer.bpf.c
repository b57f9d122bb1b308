// Sends one record for each run, of which there is one at a time: a number that counts up, and as many bytes behind it as the packet's first byte says.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct event {
	__u64 number;
	__u32 length;
	__u8 rest[244];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

__u64 sent = 0;
__u64 lost = 0;

SEC("socket")
int send_event(struct __sk_buff *skb)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		__sync_fetch_and_add(&lost, 1);
		return 1;
	}
	event->number = sent++;
	event->length = skb->len;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

SEC("socket")
int discard_event(struct __sk_buff *skb)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (event)
		bpf_ringbuf_discard(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
