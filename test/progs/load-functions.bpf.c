/* Programs that share functions: static, global, weak, hidden ones, and callbacks. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static __attribute__((noinline)) int leaf(int x)
{
	return x + 1;
}

__attribute__((noinline)) int middle(int x)
{
	return leaf(x) * 2;
}

__weak __attribute__((noinline)) int weak_one(int x)
{
	return middle(x) - 3;
}

__hidden __attribute__((noinline)) int hidden_one(int x)
{
	return leaf(x) + 10;
}

static long step(unsigned int index, void *context)
{
	*(int *)context += leaf(index);
	return 0;
}

SEC("socket")
int first(struct __sk_buff *skb)
{
	return middle(1) + hidden_one(2);
}

SEC("tc")
int second(struct __sk_buff *skb)
{
	return weak_one(skb->len);
}

SEC("socket")
int looping(struct __sk_buff *skb)
{
	int sum = 0;

	bpf_loop(4, step, &sum, 0);
	return sum;
}

SEC("socket")
int alone(struct __sk_buff *skb)
{
	return 7;
}

SEC("?xdp")
int optional(struct xdp_md *ctx)
{
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
