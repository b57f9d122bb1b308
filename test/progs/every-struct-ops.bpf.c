/* A TCP congestion control that counts the acknowledgements it sees, and with that how often it ran. */
#include "count.h"
#include <bpf/bpf_tracing.h>

struct sock;

struct tcp_congestion_ops {
	__u32 (*ssthresh)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	__u32 (*undo_cwnd)(struct sock *sk);
	__u32 flags;
	char name[16];
};

SEC("struct_ops/cong_avoid")
void BPF_PROG(counted_cong_avoid, struct sock *sk, __u32 ack, __u32 acked)
{
	count(0);
}

SEC("struct_ops/ssthresh")
__u32 BPF_PROG(counted_ssthresh, struct sock *sk)
{
	return 2;
}

SEC("struct_ops/undo_cwnd")
__u32 BPF_PROG(counted_undo_cwnd, struct sock *sk)
{
	return 10;
}

SEC(".struct_ops")
struct tcp_congestion_ops counted = {
	.ssthresh = (void *)counted_ssthresh,
	.cong_avoid = (void *)counted_cong_avoid,
	.undo_cwnd = (void *)counted_undo_cwnd,
	.name = "bpf_ts_counted",
};
