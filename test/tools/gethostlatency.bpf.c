/* How long programs wait for the address of a host. */
#include "tool.h"

struct event {
	__u64 microseconds;
	__u32 pid;
	char comm[COMM];
};
EVENT(event);
struct ring events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} begun SEC(".maps");

SEC("uprobe/libc.so.6:getaddrinfo") int on_ask(void *ctx)
{
	__u32 thread = thread_id();
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&begun, &thread, &now, BPF_ANY);
	return 0;
}

SEC("uretprobe/libc.so.6:getaddrinfo") int on_answer(void *ctx)
{
	__u32 thread = thread_id();
	__u64 *begin = bpf_map_lookup_elem(&begun, &thread);
	struct event event = { .pid = process_id() };

	if (!begin)
		return 0;
	event.microseconds = (bpf_ktime_get_ns() - *begin) / 1000;
	bpf_get_current_comm(event.comm, sizeof(event.comm));
	bpf_map_delete_elem(&begun, &thread);
	bpf_ringbuf_output(&events, &event, sizeof(event), 0);
	return 0;
}
