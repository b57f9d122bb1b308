/* Capabilities that the kernel asks for. */
#include "tool.h"

struct event {
	__u32 pid;
	__s32 capability, result;
	char comm[COMM];
};
EVENT(event);
struct ring events SEC(".maps");

/* cred, ns, cap, opts and the result */
SEC("fexit/cap_capable") int on_check(unsigned long long *ctx)
{
	struct event event = { .pid = process_id(), .capability = ctx[2], .result = ctx[4] };

	bpf_get_current_comm(event.comm, sizeof(event.comm));
	bpf_ringbuf_output(&events, &event, sizeof(event), 0);
	return 0;
}
