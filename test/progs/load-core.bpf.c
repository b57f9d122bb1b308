/* Relocations against the types of the running kernel. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct task_struct {
	int pid;
	int tgid;
	char comm[16];
	struct task_struct *group_leader;
} __attribute__((preserve_access_index));

struct task_struct___never {
	int never_there;
} __attribute__((preserve_access_index));

struct no_such_struct {
	int x;
} __attribute__((preserve_access_index));

enum bpf_map_type___other {
	BPF_MAP_TYPE_ARRAY___other = 99,
	BPF_MAP_TYPE_NEVER___other = 98,
};

unsigned int pid, comm_size, never, no_struct, array, never_type;
const volatile int unused = 0;

SEC("raw_tp/sys_enter")
int look(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	pid = BPF_CORE_READ(task, group_leader, tgid);
	comm_size = bpf_core_field_size(task->comm);
	never = bpf_core_field_exists(((struct task_struct___never *)task)->never_there);
	no_struct = bpf_core_type_exists(struct no_such_struct);
	array = bpf_core_enum_value(enum bpf_map_type___other, BPF_MAP_TYPE_ARRAY___other);
	never_type = bpf_core_enum_value_exists(enum bpf_map_type___other, BPF_MAP_TYPE_NEVER___other);
	return 0;
}

SEC("?raw_tp/sys_enter")
int reaches_missing(void *ctx)
{
	struct task_struct___never *task = (void *)bpf_get_current_task();

	return BPF_CORE_READ(task, never_there);
}

char _license[] SEC("license") = "GPL";
