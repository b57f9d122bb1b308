// A congestion control that does as little as the kernel lets it. Its name is taken while it is registered, so every test that registers one has its own.
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct sock {
} __attribute__((preserve_access_index));

struct tcp_congestion_ops {
	__u32 (*ssthresh)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	__u32 (*undo_cwnd)(struct sock *sk);
	char name[16];
} __attribute__((preserve_access_index));

SEC("struct_ops/ssthresh")
__u32 BPF_PROG(own_ssthresh, struct sock *sk)
{
	return 2;
}

SEC("struct_ops/cong_avoid")
void BPF_PROG(own_cong_avoid, struct sock *sk, __u32 ack, __u32 acked)
{
}

SEC("struct_ops/undo_cwnd")
__u32 BPF_PROG(own_undo_cwnd, struct sock *sk)
{
	return 10;
}

#define CONGESTION(map, its_name)               \
	SEC(".struct_ops")                      \
	struct tcp_congestion_ops map = {       \
		.ssthresh = (void *)own_ssthresh,     \
		.cong_avoid = (void *)own_cong_avoid, \
		.undo_cwnd = (void *)own_undo_cwnd,   \
		.name = its_name,                     \
	};

char LICENSE[] SEC("license") = "GPL";
