/* A program with a bit of everything that a dump of its instructions has to name: maps, data, subprograms, a callback, atomics, helpers. */
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
