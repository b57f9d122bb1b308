/* Connections that are made over TCP. */
#include "tool.h"

struct event {
	__u32 pid;
	__u8 saddr[4], daddr[4];
	__u16 dport;
	char comm[COMM];
};
EVENT(event);
struct ring events SEC(".maps");

/* sk, uaddr, addr_len and the result */
SEC("fexit/tcp_v4_connect") int on_connect(unsigned long long *ctx)
{
	struct sock *sk = (void *)ctx[0];
	struct event event = { .pid = process_id(), .dport = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport)) };

	if ((int)ctx[3])
		return 0;
	BPF_CORE_READ_INTO(&event.saddr, sk, __sk_common.skc_rcv_saddr);
	BPF_CORE_READ_INTO(&event.daddr, sk, __sk_common.skc_daddr);
	bpf_get_current_comm(event.comm, sizeof(event.comm));
	bpf_ringbuf_output(&events, &event, sizeof(event), 0);
	return 0;
}
