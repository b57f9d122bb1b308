/* The second program is refused by the verifier, after maps were made and pinned. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, int);
	__type(value, long);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
} pinned_first SEC(".maps");

const volatile int constant = 1;

SEC("socket")
int good(struct __sk_buff *skb)
{
	return constant;
}

SEC("socket")
int bad(struct __sk_buff *skb)
{
	int index = 0;
	long *value = bpf_map_lookup_elem(&pinned_first, &index);

	return *value;
}

char _license[] SEC("license") = "GPL";
