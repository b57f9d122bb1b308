/* Addresses that sockets are bound to. */
#include "tool.h"

#define AF_INET 2

struct event {
	__u32 pid;
	__u8 address[4];
	__u16 port;
	char comm[COMM];
};
EVENT(event);
struct ring events SEC(".maps");

struct call {
	TRACE_ENTRY;
	long number;
	unsigned long args[6];
};

struct address {
	__u16 family;
	__be16 port;
	__u8 address[4];
};

SEC("tracepoint/syscalls/sys_enter_bind") int on_bind(struct call *ctx)
{
	struct event event = { .pid = process_id() };
	struct address address = {};

	bpf_probe_read_user(&address, sizeof(address), (void *)ctx->args[1]);
	if (address.family != AF_INET)
		return 0;
	event.port = bpf_ntohs(address.port);
	__builtin_memcpy(event.address, address.address, sizeof(event.address));
	bpf_get_current_comm(event.comm, sizeof(event.comm));
	bpf_ringbuf_output(&events, &event, sizeof(event), 0);
	return 0;
}
