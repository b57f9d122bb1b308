/* How long tasks wait for a CPU, in microseconds. */
#include "tool.h"

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u64);
} waiting SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct hist);
} hists SEC(".maps");

static __always_inline int wake(struct task_struct *task)
{
	__u32 pid = task->pid;
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&waiting, &pid, &now, BPF_ANY);
	return 0;
}

SEC("tp_btf/sched_wakeup") int on_wakeup(unsigned long long *ctx)
{
	return wake((void *)ctx[0]);
}

SEC("tp_btf/sched_wakeup_new") int on_birth(unsigned long long *ctx)
{
	return wake((void *)ctx[0]);
}

/* preempt, prev, next */
SEC("tp_btf/sched_switch") int on_switch(unsigned long long *ctx)
{
	struct task_struct *next = (void *)ctx[2];
	__u32 pid = next->pid, first = 0;
	__u64 *since = bpf_map_lookup_elem(&waiting, &pid);

	if (!since)
		return 0;
	count_in(bpf_map_lookup_elem(&hists, &first), (bpf_ktime_get_ns() - *since) / 1000);
	bpf_map_delete_elem(&waiting, &pid);
	return 0;
}
