/* A scheduler that leaves all to the kernel's defaults, and counts that it was started, in a function that may sleep. */
#include "count.h"
#include <bpf/bpf_tracing.h>

struct sched_ext_ops {
	__s32 (*init)(void);
	char name[128];
};

SEC("struct_ops.s/init") __s32 BPF_PROG(scheduler_init)
{
	count(0);
	return 0;
}

SEC(".struct_ops.link")
struct sched_ext_ops scheduler = {
	.init = (void *)scheduler_init,
	.name = "bpf_ts_scheduler",
};
