/* Round trip times of TCP, in microseconds. */
#include "tool.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u16);
	__type(value, struct hist);
} hists SEC(".maps");

SEC("fentry/tcp_rcv_established") int on_receive(unsigned long long *ctx)
{
	struct tcp_sock *sk = (void *)ctx[0];
	__u16 family = BPF_CORE_READ((struct sock *)sk, __sk_common.skc_family);

	/* The kernel keeps eighths. */
	count_in(HIST_OF(&hists, &family), BPF_CORE_READ(sk, srtt_us) >> 3);
	return 0;
}
