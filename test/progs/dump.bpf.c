/* A program with a bit of everything that a dump of its instructions has to name: maps, data, subprograms, a callback, atomics, helpers. */
#include "dump.h"

static long add(__u32 index, __u64 *sum)
{
	*sum += index;
	return index > 10;
}

SEC("xdp")
int dump_everything(struct xdp_md *ctx)
{
	__u32 key = ctx->ingress_ifindex & 3;
	__u64 *total = bpf_map_lookup_elem(&totals, &key);
	char salt[8] = "<a|b>";
	__u64 sum = 0;

	if (!total)
		return XDP_ABORTED;
	__sync_fetch_and_add(total, mix(bpf_ktime_get_ns(), salt));
	sum = __sync_lock_test_and_set(&seen, *total);
	bpf_loop(4, add, &sum, 0);
	if (sum == 0xffffffffffULL)
		return XDP_DROP;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
