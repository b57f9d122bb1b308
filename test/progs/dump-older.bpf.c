/* dump.bpf.c without what kernels before 5.17 do not have: bpf_loop() and atomics that give the value before. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} totals SEC(".maps");

const volatile __u64 mask = 0x123456789abcdef0;
__u64 seen;

static __attribute__((noinline)) __u64 mix(__u64 value, const char *salt)
{
	return (value ^ mask) + (__s64)(value >> 7) + salt[0];
}

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
