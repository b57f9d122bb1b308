/* Reads of files that take at least so long. */
#include "tool.h"

const volatile __u64 min_us = 0;

struct event {
	__u64 microseconds;
	__u32 pid;
	__s32 result;
	char comm[COMM], file[PATH];
};
EVENT(event);
struct ring events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} begun SEC(".maps");

SEC("fentry/vfs_read") int on_read(unsigned long long *ctx)
{
	__u32 thread = thread_id();
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&begun, &thread, &now, BPF_ANY);
	return 0;
}

/* file, buf, count, pos and the result */
SEC("fexit/vfs_read") int on_end(unsigned long long *ctx)
{
	__u32 thread = thread_id();
	struct file *file = (void *)ctx[0];
	__u64 *begin = bpf_map_lookup_elem(&begun, &thread);
	__u64 microseconds = begin ? (bpf_ktime_get_ns() - *begin) / 1000 : 0;
	struct event *event;

	if (!begin)
		return 0;
	bpf_map_delete_elem(&begun, &thread);
	event = microseconds < min_us ? 0 : bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	event->microseconds = microseconds;
	event->pid = process_id();
	event->result = ctx[4];
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	bpf_probe_read_kernel_str(event->file, sizeof(event->file), BPF_CORE_READ(file, f_path.dentry, d_name.name));
	bpf_ringbuf_submit(event, 0);
	return 0;
}
