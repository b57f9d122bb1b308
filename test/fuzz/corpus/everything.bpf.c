/* Of what an object can hold as much as fits into a few kilobytes. */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, int);
	__type(value, long);
} first SEC(".maps"), second SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, int);
	__array(values, struct inner);
} outer SEC(".maps") = { .values = { [0] = &first, [2] = &second } };

int tail(struct xdp_md *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, 4);
	__array(values, int(struct xdp_md *));
} jumps SEC(".maps") = { .values = { [1] = &tail } };

struct value {
	union {
		unsigned long long wide;
		struct {
			short low, high : 5;
		};
	};
	enum { RED, GREEN = -1 } color;
	char text[16];
	const void *pointer;
	double real;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, struct value);
	__type(value, struct value);
} table SEC(".maps");

extern int LINUX_KERNEL_VERSION __kconfig;
extern unsigned long CONFIG_HZ __kconfig;
extern enum libbpf_tristate CONFIG_BPF __kconfig __weak;
extern char CONFIG_CC_VERSION_TEXT[24] __kconfig __weak;
extern const int runqueues __ksym __weak;
extern const void jiffies __ksym;
extern struct task_struct *bpf_task_from_pid(int pid) __ksym __weak;
extern void bpf_task_release(struct task_struct *task) __ksym __weak;

const volatile int limit = 3;
static volatile long calls;
struct value shared SEC(".data.shared") = { .color = GREEN, .text = "text" };
int zeros[4];

struct task_struct {
	int pid;
	struct task_struct *group_leader;
} __attribute__((preserve_access_index));

static __attribute__((noinline)) int helper(int n)
{
	calls += n;
	return n * LINUX_KERNEL_VERSION;
}

__attribute__((noinline)) int global(struct xdp_md *ctx __attribute__((btf_decl_tag("arg:ctx"))), int n)
{
	return helper(n) + zeros[n & 3];
}

static long each(__u32 index, void *context)
{
	return helper(index) > limit;
}

SEC("xdp")
int tail(struct xdp_md *ctx)
{
	bpf_printk("%d %s", limit, shared.text);
	return XDP_PASS;
}

SEC("xdp")
int entry(struct xdp_md *ctx)
{
	long hz = CONFIG_HZ + CONFIG_BPF + CONFIG_CC_VERSION_TEXT[0] + (long)&jiffies + (long)&runqueues;

	bpf_loop(limit, each, NULL, 0);
	bpf_tail_call(ctx, &jumps, 1);
	return global(ctx, hz) & 1;
}

SEC("?kprobe/do_nanosleep")
int leader(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct value key = {};
	long *value = bpf_map_lookup_elem(&table, &key);

	if (bpf_core_field_exists(task->group_leader) && bpf_task_from_pid)
		calls += BPF_CORE_READ(task, group_leader, pid);
	return value ? *value : bpf_core_type_size(struct task_struct);
}

struct test_ops {
	int (*run)(int);
	void *module;
	int data;
};

SEC("struct_ops/run")
int run(unsigned long long *ctx)
{
	return 0;
}

SEC(".struct_ops.link")
struct test_ops ops = { .run = (void *)run, .data = 7 };

char _license[] SEC("license") = "GPL";
