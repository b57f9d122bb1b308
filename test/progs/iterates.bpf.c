/* Iterators: one says a word, and goes on to the next map without one. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct seq_file;
struct bpf_map;

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
} __attribute__((preserve_access_index));

struct bpf_iter__bpf_map {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
} __attribute__((preserve_access_index));

SEC("iter/bpf_map") int maps(struct bpf_iter__bpf_map *ctx)
{
	static const char first[] = "the first of them\n";

	/* At the end there is a call without a map. */
	if (ctx->map && ctx->meta->seq_num == 0)
		bpf_seq_printf(ctx->meta->seq, first, sizeof(first), 0, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
