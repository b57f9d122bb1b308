/* A program for each section of hooks of sockets and of a network namespace; all let pass what they see. */
#include "count.h"

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} sockets SEC(".maps");

#define NF_ACCEPT 1

PROGRAM("socket", on_socket, struct __sk_buff, ctx->len)
PROGRAM("sk_reuseport", on_reuseport, struct sk_reuseport_md, SK_PASS)
PROGRAM("sk_reuseport/migrate", on_migrate, struct sk_reuseport_md, SK_PASS)
PROGRAM("sk_lookup", on_lookup, struct bpf_sk_lookup, SK_PASS)
PROGRAM("flow_dissector", on_dissect, struct __sk_buff, BPF_OK)
PROGRAM("netfilter", on_netfilter, void, NF_ACCEPT)
PROGRAM("sk_msg", on_message, struct sk_msg_md, SK_PASS)
PROGRAM("sk_skb/stream_parser", on_parser, struct __sk_buff, ctx->len)
PROGRAM("sk_skb/stream_verdict", on_stream_verdict, struct __sk_buff, SK_PASS)
PROGRAM("sk_skb/verdict", on_verdict, struct __sk_buff, SK_PASS)
PROGRAM("sk_skb", on_skb, struct __sk_buff, SK_PASS)
