/* Programs that the verifier refuses for where they jump and how long they run. Each stands for one message of it; none is loaded unless it is named. */
#include "refused.h"

REFUSED("xdp") NAKED int endless(void)
{
	asm volatile("r0 = 0; 1: goto 1b;");
}

REFUSED("xdp") int too_long(struct xdp_md *ctx)
{
	__u64 sum = 0;

	for (__u32 i = 0; i < 10000000; i++)
		sum += *(volatile __u32 *)&ctx->ingress_ifindex;
	return sum;
}

REFUSED("xdp") NAKED int jumps_too_complex(void)
{
	asm volatile("call %[now]; r6 = r0; call %[now]; .rept 9000; if r0 > r6 goto +0; .endr; r0 = 0; exit;" ::[now] "i"(bpf_ktime_get_ns));
}

REFUSED("xdp") NAKED int unreachable(void)
{
	asm volatile("r0 = 0; exit; r0 = 1; exit;");
}

REFUSED("xdp") NAKED int no_exit(void)
{
	asm volatile("r0 = 0;");
}

REFUSED("xdp") NAKED int jump_out(void)
{
	asm volatile("r0 = 0; goto +1000; exit;");
}

REFUSED("xdp") NAKED int division_by_zero(void)
{
	asm volatile("r0 = 1; r0 /= 0; exit;");
}

REFUSED("xdp") NAKED int opcode_unknown(void)
{
	asm volatile("r0 = 0; .8byte 0xff; exit;");
}

static __attribute__((noinline)) int fills_stack(__u32 n)
{
	volatile char line[400] = "";

	return line[n & 63];
}

REFUSED("xdp") int stacks_together_too_large(struct xdp_md *ctx)
{
	volatile char line[400] = "";

	return fills_stack(line[7]) + line[3];
}

static __attribute__((noinline)) int deeper(__u32 n)
{
	volatile __u32 below = 0;

	if (n > 1)
		below = deeper(n - 1);
	return below;
}

REFUSED("xdp") int recursion(struct xdp_md *ctx)
{
	return deeper(ctx->ingress_ifindex);
}
