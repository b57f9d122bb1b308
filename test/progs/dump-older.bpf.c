/* dump.bpf.c without what kernels before 5.17 do not have: bpf_loop() and atomics that give the value before. */
#include "dump.h"

SEC("xdp")
int dump_everything(struct xdp_md *ctx)
{
	__u32 key = ctx->ingress_ifindex & 3;
	__u64 *total = bpf_map_lookup_elem(&totals, &key);
	char salt[8] = "<a|b>";

	if (!total)
		return XDP_ABORTED;
	__sync_fetch_and_add(total, mix(bpf_ktime_get_ns(), salt));
	seen = *total;
	if (seen == 0xffffffffffULL)
		return XDP_DROP;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
