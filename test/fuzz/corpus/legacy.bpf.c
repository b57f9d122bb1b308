/* Maps as objects before BTF declared them. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_map_def {
	unsigned int type, key_size, value_size, max_entries, map_flags;
};

struct bpf_map_def SEC("maps") old = { BPF_MAP_TYPE_HASH, 4, 8, 16, 0 };
struct bpf_map_def SEC("maps") older = { BPF_MAP_TYPE_ARRAY, 4, 8, 16, 0 };

SEC("socket")
int use(struct __sk_buff *skb)
{
	int key = 0;

	bpf_map_update_elem(&old, &key, bpf_map_lookup_elem(&older, &key) ?: (void *)&key, 0);
	return 0;
}

char _license[] SEC("license") = "GPL";
unsigned int _version SEC("version") = 0x50400;
