/* For the commands on programs: something to run, to attach with and without a link, and to show. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

volatile const char bpf_metadata_author[] SEC(".rodata") = "a \"tester\"";
volatile const int bpf_metadata_number SEC(".rodata") = -7;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} shared SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} sockets SEC(".maps");

/* Its name is longer than what the kernel keeps. Writes a byte, and returns how long the packet is. */
SEC("tc")
int change_a_byte_of_the_packet(struct __sk_buff *skb)
{
	__u8 byte = 0xee;
	__u32 key = 1;

	bpf_skb_store_bytes(skb, 16, &byte, 1, 0);
	bpf_map_lookup_elem(&shared, &key);
	if (bpf_metadata_number > 0 && bpf_metadata_author[0])
		return 0;
	return skb->len;
}

SEC("raw_tp/sys_enter")
int on_raw(void *ctx)
{
	return 0;
}

SEC("sk_msg")
int pass_message(struct sk_msg_md *msg)
{
	return SK_PASS;
}

SEC("flow_dissector")
int dissect(struct __sk_buff *skb)
{
	return BPF_OK;
}

SEC("raw_tp")
int prints(struct bpf_raw_tracepoint_args *ctx)
{
	bpf_printk("bpf-ts test %d", 42);
	return 0;
}

SEC("?raw_tp/no_such_tracepoint")
int attaches_nowhere(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
