/* An XDP program that takes packets in several pieces, since Linux 5.18. */
#include "count.h"

PROGRAM("xdp.frags", count_frags, struct xdp_md, XDP_PASS)
