/* Processes that end, how, and how old they were. */
#include "tool.h"

struct event {
	__u64 microseconds;
	__u32 pid, ppid, status, signal;
	char comm[COMM];
};
EVENT(event);
struct perf events SEC(".maps");

SEC("tracepoint/sched/sched_process_exit") int on_exit(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct event event = { .pid = process_id() };
	int code = BPF_CORE_READ(task, exit_code);

	/* Of a process its first thread. */
	if (event.pid != thread_id())
		return 0;
	event.microseconds = (bpf_ktime_get_ns() - BPF_CORE_READ(task, start_time)) / 1000;
	event.ppid = BPF_CORE_READ(task, real_parent, tgid);
	event.status = (code >> 8) & 0xff;
	event.signal = code & 0x7f;
	bpf_get_current_comm(event.comm, sizeof(event.comm));
	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &event, sizeof(event));
	return 0;
}
