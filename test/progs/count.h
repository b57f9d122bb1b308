/* Programs that count how often they ran: COUNT() adds one to the program's slot, which is its place in the file. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

static __always_inline void count(__u32 slot)
{
	__u64 *value = bpf_map_lookup_elem(&counts, &slot);

	if (value)
		__sync_fetch_and_add(value, 1);
}

/* PROGRAM(section, name, context, verdict) makes a program that counts and returns the verdict. */
#define PROGRAM(section, name, context, verdict) \
	SEC(section) int name(context *ctx)      \
	{                                        \
		count(__COUNTER__);              \
		return verdict;                  \
	}

char LICENSE[] SEC("license") = "GPL";
