/* An iterator over the elements of an array of numbers, which it writes as they are. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_iter_meta {
	struct seq_file *seq;
};

struct bpf_iter__bpf_map_elem {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	__u32 *key;
	__u64 *value;
};

SEC("iter/bpf_map_elem")
int each_number(struct bpf_iter__bpf_map_elem *ctx)
{
	char format[] = "%d: %d\n";
	__u64 args[2];

	if (!ctx->key || !ctx->value)
		return 0;
	args[0] = *ctx->key;
	args[1] = *ctx->value;
	bpf_seq_printf(ctx->meta->seq, format, sizeof(format), args, sizeof(args));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
