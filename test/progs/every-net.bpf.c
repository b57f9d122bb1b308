/* A program for each section of hooks of network interfaces; all let packets pass. */
#include "count.h"

#define TC_NEXT -1
#define TC_OK 0

PROGRAM("xdp", on_xdp, struct xdp_md, XDP_PASS)
PROGRAM("xdp.frags", on_xdp_frags, struct xdp_md, XDP_PASS)
PROGRAM("tcx/ingress", on_tcx_ingress, struct __sk_buff, TC_NEXT)
PROGRAM("tcx/egress", on_tcx_egress, struct __sk_buff, TC_NEXT)
PROGRAM("tc/ingress", on_tc_ingress, struct __sk_buff, TC_NEXT)
PROGRAM("tc/egress", on_tc_egress, struct __sk_buff, TC_NEXT)
PROGRAM("tc", on_tc, struct __sk_buff, TC_OK)
PROGRAM("classifier", on_classifier, struct __sk_buff, TC_OK)
PROGRAM("action", on_action, struct __sk_buff, TC_OK)
PROGRAM("netkit/primary", on_primary, struct __sk_buff, TC_NEXT)
PROGRAM("netkit/peer", on_peer, struct __sk_buff, TC_NEXT)
PROGRAM("lwt_in", on_lwt_in, struct __sk_buff, BPF_OK)
PROGRAM("lwt_out", on_lwt_out, struct __sk_buff, BPF_OK)
PROGRAM("lwt_xmit", on_lwt_xmit, struct __sk_buff, BPF_OK)
PROGRAM("lwt_seg6local", on_lwt_seg6local, struct __sk_buff, BPF_OK)
