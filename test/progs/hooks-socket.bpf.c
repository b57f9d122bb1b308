/* One program for each hook of sockets and of a network namespace; all let pass what they see. */
#include "count.h"

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} sockets SEC(".maps");

PROGRAM("socket", filter, struct __sk_buff, ctx->len)
PROGRAM("sk_reuseport", reuseport, struct sk_reuseport_md, SK_PASS)
PROGRAM("sk_lookup", lookup, struct bpf_sk_lookup, SK_PASS)
PROGRAM("flow_dissector", dissect, struct __sk_buff, BPF_OK)
PROGRAM("sk_msg", message, struct sk_msg_md, SK_PASS)
PROGRAM("sk_skb/stream_parser", parser, struct __sk_buff, ctx->len)
PROGRAM("sk_skb/stream_verdict", stream_verdict, struct __sk_buff, SK_PASS)
PROGRAM("sk_skb/verdict", verdict, struct __sk_buff, SK_PASS)
