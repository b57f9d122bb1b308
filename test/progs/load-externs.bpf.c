/* Settings of the kernel, its symbols and its functions. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct task_struct;

extern int LINUX_KERNEL_VERSION __kconfig;
extern _Bool LINUX_HAS_BPF_COOKIE __kconfig;
extern int LINUX_SOMETHING_TO_COME __kconfig __weak;
extern _Bool CONFIG_BPF_SYSCALL __kconfig;
extern enum libbpf_tristate CONFIG_NET __kconfig;
extern unsigned int CONFIG_HZ __kconfig __weak;
extern char CONFIG_CC_VERSION_TEXT[16] __kconfig __weak;
extern char CONFIG_NOT_THERE_AT_ALL __kconfig __weak;

extern const void _stext __ksym;
extern const void no_such_symbol_at_all __ksym __weak;
extern int bpf_no_such_function(int x) __ksym __weak;
extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;

unsigned long version, hz, found, absent = 1, config, tristate, unset = 1, to_come = 1;
char compiler;

SEC("raw_tp/sys_enter")
int look(void *ctx)
{
	version = LINUX_KERNEL_VERSION;
	hz = CONFIG_HZ;
	compiler = CONFIG_CC_VERSION_TEXT[0];
	config = CONFIG_BPF_SYSCALL + 2 * LINUX_HAS_BPF_COOKIE;
	tristate = CONFIG_NET;
	unset = CONFIG_NOT_THERE_AT_ALL;
	to_come = LINUX_SOMETHING_TO_COME;
	found = (unsigned long)&_stext;
	absent = (unsigned long)&no_such_symbol_at_all;
	if (bpf_no_such_function)
		absent += bpf_no_such_function(1);
	return 0;
}

SEC("syscall")
int call(void *ctx)
{
	bpf_rcu_read_lock();
	bpf_rcu_read_unlock();
	return 3;
}

SEC("?syscall")
int reaches_missing(void *ctx)
{
	return bpf_no_such_function(1);
}

char _license[] SEC("license") = "GPL";
