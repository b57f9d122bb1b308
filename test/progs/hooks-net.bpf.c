/* One program for each hook of a network interface; all let packets pass. */
#include "count.h"

#define TC_NEXT -1
#define TC_OK 0

PROGRAM("xdp", count_xdp, struct xdp_md, XDP_PASS)
PROGRAM("xdp", count_other, struct xdp_md, XDP_PASS)
PROGRAM("tcx/ingress", count_tcx_in, struct __sk_buff, TC_NEXT)
PROGRAM("tcx/egress", count_tcx_out, struct __sk_buff, TC_NEXT)
PROGRAM("tc", count_tc, struct __sk_buff, TC_OK)
PROGRAM("classifier", count_classifier, struct __sk_buff, TC_OK)
