/* An iterator that says nothing. As with killed.bpf.c, each test run has a name of its own. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_iter__bpf_map;

SEC("iter/bpf_map") int killed_x_iter(struct bpf_iter__bpf_map *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
