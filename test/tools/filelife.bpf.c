/* Files that are removed. */
#include "tool.h"

struct event {
	__u32 pid;
	char comm[COMM], file[PATH];
};
EVENT(event);
struct ring events SEC(".maps");

/* dir, dentry */
SEC("fentry/security_inode_unlink") int on_unlink(unsigned long long *ctx)
{
	struct dentry *dentry = (void *)ctx[1];
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return 0;
	event->pid = process_id();
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	bpf_probe_read_kernel_str(event->file, sizeof(event->file), BPF_CORE_READ(dentry, d_name.name));
	bpf_ringbuf_submit(event, 0);
	return 0;
}
