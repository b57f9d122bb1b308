/* How long interrupts keep a CPU, in nanoseconds, by their number. */
#include "tool.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} since SEC(".maps");

struct irq {
	__u32 number;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, struct irq);
	__type(value, struct hist);
} hists SEC(".maps");

struct handler {
	TRACE_ENTRY;
	int irq;
};

SEC("tracepoint/irq/irq_handler_entry") int on_entry(struct handler *ctx)
{
	__u32 first = 0;
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&since, &first, &now, BPF_ANY);
	return 0;
}

SEC("tracepoint/irq/irq_handler_exit") int on_exit(struct handler *ctx)
{
	__u32 first = 0;
	struct irq irq = { .number = ctx->irq };
	__u64 *begin = bpf_map_lookup_elem(&since, &first);

	if (begin)
		count_in(HIST_OF(&hists, &irq), bpf_ktime_get_ns() - *begin);
	return 0;
}
