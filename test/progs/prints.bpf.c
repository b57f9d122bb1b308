/* Prints into the trace pipe: a message of two lines. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>


SEC("socket") int print(struct __sk_buff *skb)
{
	bpf_printk("bpf-ts test %d of %s\nand a second line", skb->len, "prints");
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
