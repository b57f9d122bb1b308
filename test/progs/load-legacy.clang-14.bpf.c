/* Maps as objects had them before BTF: records in a section. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_map_def {
	unsigned int type;
	unsigned int key_size;
	unsigned int value_size;
	unsigned int max_entries;
	unsigned int map_flags;
};

struct bpf_map_def SEC("maps") first_map = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = 4,
	.value_size = 8,
	.max_entries = 16,
	.map_flags = BPF_F_NO_PREALLOC,
};

struct bpf_map_def SEC("maps") second_map = {
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = 4,
	.value_size = 16,
	.max_entries = 2,
};

SEC("socket")
int lookups(struct __sk_buff *skb)
{
	unsigned int key = 1;

	bpf_map_lookup_elem(&first_map, &key);
	return bpf_map_lookup_elem(&second_map, &key) ? 1 : 2;
}

unsigned int _version SEC("version") = 0x050a02;
char _license[] SEC("license") = "GPL";
