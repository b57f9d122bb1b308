/* How long tasks are without a CPU, and what ran until they got one. */
#include "tool.h"

struct where {
	__u32 pid;
	__s32 stack;
};

struct how_long {
	__u64 microseconds;
	char comm[COMM];
};

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 1024);
	__uint(key_size, 4);
	__uint(value_size, 127 * 8);
} stacks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u64);
} left SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct where);
	__type(value, struct how_long);
} totals SEC(".maps");

/* preempt, prev, next. The stack is that of prev: what made room for next. */
SEC("tp_btf/sched_switch") int on_switch(unsigned long long *ctx)
{
	struct task_struct *prev = (void *)ctx[1], *next = (void *)ctx[2];
	__u32 leaves = prev->pid, comes = next->pid;
	__u64 now = bpf_ktime_get_ns(), *since;
	struct where where = { .pid = comes };
	struct how_long *total;
	static const struct how_long none;

	bpf_map_update_elem(&left, &leaves, &now, BPF_ANY);
	since = bpf_map_lookup_elem(&left, &comes);
	if (!since || !comes)
		return 0;
	where.stack = bpf_get_stackid(ctx, &stacks, 0);
	total = bpf_map_lookup_elem(&totals, &where);
	if (!total) {
		bpf_map_update_elem(&totals, &where, &none, BPF_NOEXIST);
		total = bpf_map_lookup_elem(&totals, &where);
	}
	if (!total)
		return 0;
	__sync_fetch_and_add(&total->microseconds, (now - *since) / 1000);
	bpf_probe_read_kernel_str(total->comm, sizeof(total->comm), next->comm);
	return 0;
}
