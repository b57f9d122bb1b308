/* A program that the verifier refuses only after a log of some megabytes. */
#include "refused.h"

REFUSED("xdp") int late(struct xdp_md *ctx)
{
	__u64 sum = 0;

	for (__u32 i = 0; i < 20000; i++)
		sum += *(volatile __u32 *)&ctx->ingress_ifindex;
	return sum + *(volatile __u32 *)((char *)ctx + 4096);
}
