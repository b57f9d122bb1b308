/* Programs that the verifier refuses for how they use memory. Each stands for one message of it; none is loaded unless it is named. */
#include "refused.h"

struct counter {
	__u64 packets[8];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct counter);
} counters SEC(".maps");

const volatile __u32 limit[4] = {1, 2, 3, 4};

static __always_inline struct counter *counter(void)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&counters, &key);
}

REFUSED("xdp") int missing_null_check(struct xdp_md *ctx)
{
	return counter()->packets[0];
}

REFUSED("xdp") int packet_without_check(struct xdp_md *ctx)
{
	__u8 *data = (void *)(long)ctx->data;

	return data[12];
}

REFUSED("xdp") int packet_checked_too_short(struct xdp_md *ctx)
{
	__u8 *data = (void *)(long)ctx->data;
	__u8 *end = (void *)(long)ctx->data_end;

	if (data + 4 > end)
		return XDP_PASS;
	return *(volatile __u32 *)(data + 4);
}

REFUSED("cgroup_skb/egress") int packet_is_read_only(struct __sk_buff *ctx)
{
	__u8 *data = (void *)(long)ctx->data;
	__u8 *end = (void *)(long)ctx->data_end;

	if (data + 1 > end)
		return 1;
	data[0] = 0;
	return 1;
}

REFUSED("xdp") int index_unbounded(struct xdp_md *ctx)
{
	struct counter *value = counter();
	__u32 index = bpf_get_prandom_u32();

	if (!value)
		return XDP_PASS;
	value->packets[index]++;
	return XDP_PASS;
}

REFUSED("xdp") int index_may_be_negative(struct xdp_md *ctx)
{
	__u8 *value = (void *)counter();
	__s64 index = bpf_get_prandom_u32() & 15;

	asm volatile("%0 -= 8" : "+r"(index));
	if (!value)
		return XDP_PASS;
	return *(volatile __u8 *)(value + index);
}

REFUSED("xdp") int index_too_large(struct xdp_md *ctx)
{
	struct counter *value = counter();
	__u32 index = bpf_get_prandom_u32();

	if (!value || index > 8)
		return XDP_PASS;
	value->packets[index]++;
	return XDP_PASS;
}

REFUSED("xdp") int behind_map_value(struct xdp_md *ctx)
{
	struct counter *value = counter();

	if (!value)
		return XDP_PASS;
	return *(volatile __u64 *)((void *)value + sizeof(*value));
}

REFUSED("xdp") int write_to_rodata(struct xdp_md *ctx)
{
	*(volatile __u32 *)&limit[1] = 7;
	return XDP_PASS;
}

REFUSED("xdp") int context_out_of_range(struct xdp_md *ctx)
{
	return *(volatile __u32 *)((void *)ctx + 4096);
}

REFUSED("xdp") NAKED int context_moved(void)
{
	asm volatile("r2 = r1; r2 += 8; r0 = *(u32 *)(r2 + 0); exit;");
}

REFUSED("xdp") int number_as_pointer(struct xdp_md *ctx)
{
	return *(volatile __u32 *)bpf_ktime_get_ns();
}

REFUSED("xdp") NAKED int never_written(void)
{
	asm volatile("r0 = r7; exit;");
}

REFUSED("xdp") NAKED int no_return_value(void)
{
	asm volatile("exit;");
}

REFUSED("xdp") NAKED int stack_too_deep(void)
{
	asm volatile("r0 = 0; *(u64 *)(r10 - 520) = r0; exit;");
}

REFUSED("xdp") int stack_index_unbounded(struct xdp_md *ctx)
{
	volatile char line[16];

	line[bpf_ktime_get_ns()] = 1;
	return XDP_PASS;
}

REFUSED("xdp") NAKED int stack_misaligned(void)
{
	asm volatile("r0 = 0; *(u64 *)(r10 - 15) = r0; exit;");
}

REFUSED("xdp") NAKED int frame_pointer_written(void)
{
	asm volatile("r10 = 0; r0 = 0; exit;");
}

REFUSED("xdp") NAKED int pointer_multiplied(void)
{
	asm volatile("r1 *= 2; r0 = 0; exit;");
}

REFUSED("xdp") NAKED int pointer_in_32_bits(void)
{
	asm volatile("w1 += 4; r0 = 0; exit;");
}

REFUSED("xdp") NAKED int pointer_and_unbounded(void)
{
	asm volatile("call %[now]; r1 = r10; r1 -= r0; r0 = *(u8 *)(r1 - 1); exit;" ::[now] "i"(bpf_ktime_get_ns));
}

REFUSED("xdp") NAKED int pointers_added(void)
{
	asm volatile("r2 = r10; r2 += r1; r0 = 0; exit;");
}

REFUSED("tp_btf/sched_switch") int kernel_memory_written(__u64 *ctx)
{
	volatile __u32 *task = (void *)ctx[1];

	*task = 1;
	return 0;
}

REFUSED("tp_btf/sched_switch") int behind_kernel_struct(__u64 *ctx)
{
	volatile __u64 *task = (void *)ctx[1];

	return task[100000 / 8];
}
