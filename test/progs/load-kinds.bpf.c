/* What few objects have: an arena with variables, arguments marked as the context, exceptions. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* Younger than the headers of Debian 12. */
#define BPF_MAP_TYPE_ARENA 33
#define __arena __attribute__((address_space(1)))
#define __context __attribute__((btf_decl_tag("arg:ctx")))
#define __callback(name) __attribute__((btf_decl_tag("exception_callback:" #name)))

struct {
	__uint(type, BPF_MAP_TYPE_ARENA);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 4);
} arena SEC(".maps");

int __arena in_arena = 5;

extern void bpf_throw(unsigned long long cookie) __ksym;

__attribute__((noinline)) int with_context(void *ctx __context)
{
	return bpf_skb_load_bytes(ctx, 0, &(int){ 0 }, 4) + 20;
}

__attribute__((noinline)) int on_throw(unsigned long long cookie)
{
	return cookie + 100;
}

SEC("?tc")
int uses_arena(struct __sk_buff *skb)
{
	/* The map has to be named by an instruction. */
	asm volatile("" ::"r"(&arena));
	return ++in_arena;
}

SEC("tc")
int passes_context(struct __sk_buff *skb)
{
	return with_context(skb);
}

SEC("?tc")
__callback(on_throw) int throws(struct __sk_buff *skb)
{
	if (skb->len)
		bpf_throw(7);
	return 1;
}

char _license[] SEC("license") = "GPL";
