/* Iterators that write a line for each task. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_iter_meta {
	struct seq_file *seq;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

static __always_inline int write_line(struct bpf_iter__task *ctx)
{
	char line[] = "task\n";

	if (ctx->task)
		bpf_seq_write(ctx->meta->seq, line, sizeof(line) - 1);
	return 0;
}

SEC("iter/task") int each_task(struct bpf_iter__task *ctx)
{
	return write_line(ctx);
}

SEC("iter.s/task") int each_task_s(struct bpf_iter__task *ctx)
{
	return write_line(ctx);
}

char LICENSE[] SEC("license") = "GPL";
