/* How long tasks have a CPU, in microseconds. */
#include "tool.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} since SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct hist);
} hists SEC(".maps");

SEC("raw_tp/sched_switch") int on_switch(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 first = 0;
	__u64 now = bpf_ktime_get_ns(), *begin = bpf_map_lookup_elem(&since, &first);

	if (!begin)
		return 0;
	if (*begin)
		count_in(bpf_map_lookup_elem(&hists, &first), (now - *begin) / 1000);
	*begin = now;
	return 0;
}
