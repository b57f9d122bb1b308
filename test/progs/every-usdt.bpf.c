/* Static probes of user programs, in programs that may sleep and in others. For x86-64. */
#define __TARGET_ARCH_x86
#include <linux/ptrace.h>
#include <stdbool.h>
#include "count.h"
#include <bpf/bpf_tracing.h>
#include <bpf/usdt.bpf.h>

PROGRAM("usdt", on_usdt, struct pt_regs, 0)
PROGRAM("usdt.s", on_usdt_s, struct pt_regs, 0)
