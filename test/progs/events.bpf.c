/* Says something in every way on each packet that it sees: a ring buffer, a perf event array, the trace pipe, a histogram. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

enum verdict { PASSED, DROPPED };

struct place {
	__u32 line;
	__u16 column;
};

struct packet_event {
	__u64 number;
	char name[16];
	__u8 address[4];
	enum verdict verdict;
	struct place place;
	__s32 numbers[2];
};

struct short_event {
	__u32 length;
};

struct hist {
	__u32 slots[16];
};

/* What makes the types part of the object. */
const struct packet_event *unused_packet __attribute__((unused));
const struct short_event *unused_short __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} packets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} lengths SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, struct hist);
} sizes SEC(".maps");

const volatile __u32 first = 0;
const volatile __u32 prints = 0;
__u64 seen = 0;

static void measure(__u32 length)
{
	static const struct hist empty;
	__u32 key = 1, slot = 0;
	struct hist *hist = bpf_map_lookup_elem(&sizes, &key);

	if (!hist) {
		bpf_map_update_elem(&sizes, &key, &empty, BPF_NOEXIST);
		hist = bpf_map_lookup_elem(&sizes, &key);
		if (!hist)
			return;
	}
	for (int i = 0; i < 15 && length > 1; i++, slot++)
		length >>= 1;
	__sync_fetch_and_add(&hist->slots[slot & 15], 1);
}

static __always_inline void tell(struct __sk_buff *skb)
{
	struct packet_event event = {
		.number = first + seen++,
		.name = "a \"name\"",
		.address = { 127, 0, 0, 1 },
		.verdict = DROPPED,
		.place = { .line = 7, .column = 8 },
		.numbers = { -1, 1 },
	};
	struct short_event length = { .length = skb->len };

	bpf_ringbuf_output(&packets, &event, sizeof(event), 0);
	bpf_perf_event_output(skb, &lengths, BPF_F_CURRENT_CPU, &length, sizeof(length));
	measure(skb->len);
	if (prints)
		bpf_printk("packet of %d bytes, says test/progs/events", skb->len);
}

SEC("tc") int say(struct __sk_buff *skb)
{
	tell(skb);
	return TC_ACT_OK;
}

/* Both types through one buffer. */
SEC("tc") int mix(struct __sk_buff *skb)
{
	struct short_event length = { .length = skb->len };

	bpf_ringbuf_output(&packets, &length, sizeof(length), 0);
	tell(skb);
	return TC_ACT_OK;
}

char LICENSE[] SEC("license") = "GPL";
