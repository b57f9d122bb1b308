/* So many programs, and a map that pins itself, that loading and pinning them can be interrupted in the middle. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, int);
	__type(value, long);
} interrupted SEC(".maps");

#define PROGRAM(n)                                                \
	SEC("socket")                                             \
	int interrupted_##n(struct __sk_buff *skb)                \
	{                                                         \
		int key = n & 1;                                  \
		return bpf_map_lookup_elem(&interrupted, &key) != 0; \
	}
#define FOUR(n) PROGRAM(n##0) PROGRAM(n##1) PROGRAM(n##2) PROGRAM(n##3)
#define SIXTEEN(n) FOUR(n##0) FOUR(n##1) FOUR(n##2) FOUR(n##3)

SIXTEEN(10)
SIXTEEN(11)
SIXTEEN(12)

char _license[] SEC("license") = "GPL";
