/* Sockets that begin to listen. */
#include "tool.h"

struct event {
	__u32 pid;
	__s32 backlog;
	__u16 port;
	char comm[COMM];
};
EVENT(event);
struct ring events SEC(".maps");

/* sock, backlog and the result */
SEC("fexit/inet_listen") int on_listen(unsigned long long *ctx)
{
	struct socket *socket = (void *)ctx[0];
	struct event event = { .pid = process_id(), .backlog = ctx[1], .port = BPF_CORE_READ(socket, sk, __sk_common.skc_num) };

	bpf_get_current_comm(event.comm, sizeof(event.comm));
	bpf_ringbuf_output(&events, &event, sizeof(event), 0);
	return 0;
}
