/* Programs that the verifier refuses for what they call and what they hold. Each stands for one message of it; none is loaded unless it is named. */
#include "refused.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct locked {
	struct bpf_spin_lock lock;
	__u64 count;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct locked);
} locks SEC(".maps");

struct task_struct {
	int pid;
};

struct sock_common {
	__u32 family;
};

/* The kernel's struct bpf_iter_num, which the headers of older systems have not. */
struct bpf_iter_num___here {
	__u64 opaque[1];
};

extern struct task_struct *bpf_task_from_pid(__s32 pid) __ksym __weak;
extern void bpf_task_release(struct task_struct *task) __ksym __weak;
extern void bpf_rcu_read_lock(void) __ksym __weak;
extern int bpf_sock_destroy(struct sock_common *sock) __ksym __weak;
extern int *bpf_iter_num_next(struct bpf_iter_num___here *it) __ksym __weak;

REFUSED("xdp") int helper_not_for_type(struct xdp_md *ctx)
{
	return bpf_skb_load_bytes(ctx, 0, (void *)0, 0);
}

REFUSED("xdp") NAKED int helper_unknown(void)
{
	asm volatile("call 9999; r0 = 0; exit;");
}

/* What loaders put in the place of an instruction that needs a type, a map or a function which is not there. */
REFUSED("xdp") NAKED int poison_core(void)
{
	asm volatile("call 195896080; r0 = 0; exit;");
}

REFUSED("xdp") NAKED int poison_map(void)
{
	asm volatile("call 2001000000; r0 = 0; exit;");
}

REFUSED("xdp") NAKED int poison_kfunc(void)
{
	asm volatile("call 2002000000; r0 = 0; exit;");
}

REFUSED("xdp") int argument_no_map(struct xdp_md *ctx)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(ctx, &key) != 0;
}

REFUSED("xdp") int argument_no_memory(struct xdp_md *ctx)
{
	return bpf_map_lookup_elem(&locks, (void *)bpf_ktime_get_ns()) != 0;
}

REFUSED("xdp") int tail_call_into_array(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &locks, 0);
	return XDP_PASS;
}

REFUSED("xdp") int length_unbounded(struct xdp_md *ctx)
{
	char line[64];

	bpf_get_current_comm(line, sizeof(line));
	return bpf_ringbuf_output(&events, line, bpf_get_prandom_u32(), 0);
}

REFUSED("xdp") int length_may_be_negative(struct xdp_md *ctx)
{
	char line[64] = "";
	__s64 length = bpf_ktime_get_ns();

	if (length > 64)
		return XDP_PASS;
	return bpf_ringbuf_output(&events, line, length, 0);
}

REFUSED("xdp") int length_not_constant(struct xdp_md *ctx)
{
	void *record = bpf_ringbuf_reserve(&events, bpf_get_prandom_u32() & 63, 0);

	if (record)
		bpf_ringbuf_discard(record, 0);
	return XDP_PASS;
}

REFUSED("xdp") int reference_kept(struct xdp_md *ctx)
{
	__u64 *record = bpf_ringbuf_reserve(&events, 8, 0);

	if (record)
		*record = 1;
	return XDP_PASS;
}

REFUSED("xdp") int released_twice(struct xdp_md *ctx)
{
	__u64 *record = bpf_ringbuf_reserve(&events, 8, 0);

	if (!record)
		return XDP_PASS;
	bpf_ringbuf_submit(record, 0);
	bpf_ringbuf_submit(record, 0);
	return XDP_PASS;
}

REFUSED("xdp") int call_while_locked(struct xdp_md *ctx)
{
	__u32 key = 0;
	struct locked *value = bpf_map_lookup_elem(&locks, &key);

	if (!value)
		return XDP_PASS;
	bpf_spin_lock(&value->lock);
	value->count = bpf_ktime_get_ns();
	bpf_spin_unlock(&value->lock);
	return XDP_PASS;
}

REFUSED("xdp") int lock_kept(struct xdp_md *ctx)
{
	__u32 key = 0;
	struct locked *value = bpf_map_lookup_elem(&locks, &key);

	if (value)
		bpf_spin_lock(&value->lock);
	return XDP_PASS;
}

REFUSED("tp_btf/sched_switch") int sleeps(__u64 *ctx)
{
	__u64 word;

	return bpf_copy_from_user(&word, sizeof(word), (void *)8);
}

REFUSED("tp_btf/sched_switch") int kfunc_null(__u64 *ctx)
{
	bpf_task_release(bpf_task_from_pid(1));
	return 0;
}

REFUSED("xdp") int kfunc_not_for_type(struct xdp_md *ctx)
{
	struct sock_common *sock = (void *)ctx;

	return sock->family + bpf_sock_destroy(sock);
}

REFUSED("tp_btf/sched_switch") int rcu_lock_kept(__u64 *ctx)
{
	bpf_rcu_read_lock();
	return 0;
}

REFUSED("tp_btf/sched_switch") int iterator_not_started(__u64 *ctx)
{
	__u64 it;

	return bpf_iter_num_next((void *)&it) != 0;
}

REFUSED("tp_btf/sched_switch") int dynptr_not_started(__u64 *ctx)
{
	struct bpf_dynptr dynptr;

	return bpf_dynptr_data(&dynptr, 0, 8) != 0;
}

REFUSED("cgroup_skb/egress") int return_out_of_range(struct __sk_buff *ctx)
{
	return 7;
}

REFUSED("xdp") NAKED int packet_by_instruction(void)
{
	asm volatile("r6 = r1; r0 = *(u8 *)skb[0]; exit;");
}

__attribute__((noinline)) int global_argument(__u64 *number)
{
	return *number;
}

REFUSED("xdp") int global_without_null_check(struct xdp_md *ctx)
{
	__u64 number = ctx->ingress_ifindex;

	return global_argument(&number);
}
