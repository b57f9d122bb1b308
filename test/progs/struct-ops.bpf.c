/* Two TCP congestion controls that hold the window where it is: one that is registered by itself, one through a link. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct sock;

struct tcp_congestion_ops {
	__u32 (*ssthresh)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	__u32 (*undo_cwnd)(struct sock *sk);
	__u32 flags;
	char name[16];
};

SEC("struct_ops/ssthresh")
__u32 BPF_PROG(hold_ssthresh, struct sock *sk)
{
	return 2;
}

SEC("struct_ops/cong_avoid")
void BPF_PROG(hold_cong_avoid, struct sock *sk, __u32 ack, __u32 acked)
{
}

SEC("struct_ops/undo_cwnd")
__u32 BPF_PROG(hold_undo_cwnd, struct sock *sk)
{
	return 10;
}

SEC(".struct_ops")
struct tcp_congestion_ops held = {
	.ssthresh = (void *)hold_ssthresh,
	.cong_avoid = (void *)hold_cong_avoid,
	.undo_cwnd = (void *)hold_undo_cwnd,
	.name = "bpf_ts_held",
};

SEC(".struct_ops.link")
struct tcp_congestion_ops linked = {
	.ssthresh = (void *)hold_ssthresh,
	.cong_avoid = (void *)hold_cong_avoid,
	.undo_cwnd = (void *)hold_undo_cwnd,
	.name = "bpf_ts_linked",
};

char LICENSE[] SEC("license") = "GPL";
