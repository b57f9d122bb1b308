/* Refused by the verifier: what it calls is for programs under the GPL alone. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "MIT";

SEC("?kprobe/do_nanosleep")
int gpl_only(void *ctx)
{
	__u64 word;

	return bpf_probe_read_kernel(&word, sizeof(word), (void *)8);
}
