/* Reads kernel memory, which a kernel that is locked down for confidentiality refuses. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("kprobe/do_nanosleep")
int read_kernel(void *ctx)
{
	__u64 value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), (void *)bpf_get_current_task());
	return value == 1;
}
