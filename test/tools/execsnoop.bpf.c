/* Programs that are executed. */
#include "tool.h"

struct event {
	__u32 pid, ppid;
	char comm[COMM], file[PATH];
};
EVENT(event);
struct perf events SEC(".maps");

struct exec {
	TRACE_ENTRY;
	__u32 file;
	int pid, old_pid;
};

SEC("tracepoint/sched/sched_process_exec") int on_exec(struct exec *ctx)
{
	struct event event = { .pid = process_id() };
	struct task_struct *task = (void *)bpf_get_current_task();

	event.ppid = BPF_CORE_READ(task, real_parent, tgid);
	bpf_get_current_comm(event.comm, sizeof(event.comm));
	bpf_probe_read_kernel_str(event.file, sizeof(event.file), (void *)ctx + (__u16)ctx->file);
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}
