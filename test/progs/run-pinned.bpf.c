/* What `run` meets: a map that pins itself, a program that it attaches, and one whose section does not say to what. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define TC_OK 0

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
} run_pinned SEC(".maps");

SEC("tc") int count_run(struct __sk_buff *skb)
{
	__u32 zero = 0;
	__u64 *value = bpf_map_lookup_elem(&run_pinned, &zero);

	if (value)
		__sync_fetch_and_add(value, 1);
	return TC_OK;
}

SEC("kprobe") int names_nothing(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
