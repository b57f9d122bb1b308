/* Keeps what it reads of a static probe: the number of arguments, then up to four of them, then the cookie. For x86-64. */
#define __TARGET_ARCH_x86
#include <linux/ptrace.h>
#include <stdbool.h>
#include "count.h"
#include <bpf/bpf_tracing.h>
#include <bpf/usdt.bpf.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 6);
	__type(key, __u32);
	__type(value, long);
} seen SEC(".maps");

static __always_inline void keep(__u32 slot, long value)
{
	bpf_map_update_elem(&seen, &slot, &value, BPF_ANY);
}

SEC("usdt") int on_probe(struct pt_regs *ctx)
{
	long value;

	count(0);
	keep(0, bpf_usdt_arg_cnt(ctx));
	bpf_usdt_arg(ctx, 0, &value);
	keep(1, value);
	bpf_usdt_arg(ctx, 1, &value);
	keep(2, value);
	bpf_usdt_arg(ctx, 2, &value);
	keep(3, value);
	bpf_usdt_arg(ctx, 3, &value);
	keep(4, value);
	keep(5, bpf_usdt_cookie(ctx));
	return 0;
}
