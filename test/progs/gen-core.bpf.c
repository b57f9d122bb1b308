/* CO-RE relocations of every kind, some of which find nothing. */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#define CORE __attribute__((preserve_access_index))

struct cred {
	struct {
		unsigned int val;
	} uid;
} CORE;

struct task_struct {
	int pid;
	char comm[16];
	struct task_struct *group_leader;
	const struct cred *cred;
	unsigned int sched_reset_on_fork : 1;
} CORE;

struct task_struct___other {
	int no_such_field;
} CORE;

struct no_such_struct {
	int x;
} CORE;

/* The fields are inside anonymous unions and structs of the kernel's. */
struct sk_buff {
	unsigned char pkt_type : 3;
	unsigned int mark;
	struct net_device *dev;
} CORE;

/* An array of structs. */
struct hlist_head___k {
	void *first;
} CORE;

struct pid {
	struct hlist_head___k tasks[4];
} CORE;

enum bpf_map_type___k {
	BPF_MAP_TYPE_ARRAY___k = 77,
	BPF_MAP_TYPE_NO_SUCH___k = 78,
};

typedef void (*btf_trace_sched_switch___k)(void *, bool, struct task_struct *, struct task_struct *, unsigned int);

struct list_head {
	struct list_head *next, *prev;
} CORE;

struct list_head___bad {
	int next;
};

long results[20];

SEC("raw_tp/sched_switch")
int every_kind(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct sk_buff *skb = ctx;
	struct pid *pid = ctx;

	results[0] = BPF_CORE_READ(task, group_leader, cred, uid.val);
	results[1] = bpf_core_field_size(task->comm);
	results[2] = bpf_core_field_exists(task->comm);
	results[3] = bpf_core_field_exists(((struct task_struct___other *)task)->no_such_field);
	results[4] = BPF_CORE_READ_BITFIELD_PROBED(task, sched_reset_on_fork);
	results[5] = BPF_CORE_READ_BITFIELD_PROBED(skb, pkt_type);
	results[6] = BPF_CORE_READ(skb, mark);
	results[7] = (long)BPF_CORE_READ(pid, tasks[2].first);
	results[8] = bpf_core_type_id_local(struct task_struct);
	results[9] = bpf_core_type_id_kernel(struct task_struct);
	results[10] = bpf_core_type_exists(struct no_such_struct);
	results[11] = bpf_core_type_exists(btf_trace_sched_switch___k);
	results[12] = bpf_core_type_size(struct sk_buff);
	results[13] = bpf_core_enum_value_exists(enum bpf_map_type___k, BPF_MAP_TYPE_NO_SUCH___k);
	results[14] = bpf_core_enum_value(enum bpf_map_type___k, BPF_MAP_TYPE_ARRAY___k);
	results[15] = BPF_CORE_READ((struct no_such_struct *)ctx, x);
#ifdef bpf_core_type_matches
	results[16] = bpf_core_type_matches(struct list_head);
	results[17] = bpf_core_type_matches(struct list_head___bad);
#endif
	return 0;
}

char _license[] SEC("license") = "GPL";
