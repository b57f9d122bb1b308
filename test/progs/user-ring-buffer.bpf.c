/* Takes what user space wrote into a user ring buffer, and adds it up. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 4096);
} requests SEC(".maps");

__u64 taken, sum;

static long take(struct bpf_dynptr *sample, void *context)
{
	__u64 number = 0;

	bpf_dynptr_read(&number, sizeof(number), sample, 0, 0);
	taken++;
	sum += number;
	return 0;
}

SEC("socket") int drain(struct __sk_buff *skb)
{
	return bpf_user_ringbuf_drain(&requests, take, 0, 0);
}

char LICENSE[] SEC("license") = "GPL";
