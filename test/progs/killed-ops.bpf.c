/* Two TCP congestion controls that hold the window where it is. As with killed.bpf.c, each test run has names of its own. */
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
__u32 BPF_PROG(killed_x_ssthresh, struct sock *sk)
{
	return 2;
}

SEC("struct_ops/cong_avoid")
void BPF_PROG(killed_x_cong_avoid, struct sock *sk, __u32 ack, __u32 acked)
{
}

SEC("struct_ops/undo_cwnd")
__u32 BPF_PROG(killed_x_undo_cwnd, struct sock *sk)
{
	return 10;
}

SEC(".struct_ops")
struct tcp_congestion_ops killed_x_held = {
	.ssthresh = (void *)killed_x_ssthresh,
	.cong_avoid = (void *)killed_x_cong_avoid,
	.undo_cwnd = (void *)killed_x_undo_cwnd,
	.name = "killed_x_h",
};

SEC(".struct_ops.link")
struct tcp_congestion_ops killed_x_linked = {
	.ssthresh = (void *)killed_x_ssthresh,
	.cong_avoid = (void *)killed_x_cong_avoid,
	.undo_cwnd = (void *)killed_x_undo_cwnd,
	.name = "killed_x_l",
};

char LICENSE[] SEC("license") = "GPL";
