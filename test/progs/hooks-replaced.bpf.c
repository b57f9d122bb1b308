/* A program with a function that another object replaces. */
#include "count.h"

__attribute__((noinline)) int verdict(struct xdp_md *ctx)
{
	/* Keeps the compiler from writing the result into the caller. */
	volatile int result = XDP_PASS;

	return result;
}

SEC("xdp") int entry(struct xdp_md *ctx)
{
	return verdict(ctx);
}
