/* Takes the place of the function `verdict` of another program. */
#include "count.h"

SEC("freplace/verdict") int replacement(struct xdp_md *ctx)
{
	count(0);
	return XDP_DROP;
}
