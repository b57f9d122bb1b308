/* A program for each section of tracing. They run for the whole system, so they count only what process `target` does. */
#include "count.h"

const volatile __u32 target;

#define TARGETED(section, name)                                               \
	SEC(section) int name(void *ctx)                                      \
	{                                                                     \
		if (bpf_get_current_pid_tgid() >> 32 == target)               \
			count(__COUNTER__);                                   \
		return 0;                                                     \
	}

TARGETED("tracepoint/raw_syscalls/sys_enter", on_tracepoint)
TARGETED("tp/raw_syscalls/sys_exit", on_tp)
TARGETED("tracepoint.s/syscalls/sys_enter_clock_gettime", on_tracepoint_s)
TARGETED("tp.s/syscalls/sys_exit_clock_gettime", on_tp_s)
TARGETED("raw_tracepoint/sys_enter", on_raw_tracepoint)
TARGETED("raw_tp/sys_exit", on_raw_tp)
TARGETED("raw_tracepoint.s/sys_enter", on_raw_tracepoint_s)
TARGETED("raw_tp.s/sys_exit", on_raw_tp_s)
TARGETED("tp_btf/sys_enter", on_tp_btf)
TARGETED("tp_btf.s/sys_enter", on_tp_btf_s)
TARGETED("fentry/security_file_open", on_fentry)
TARGETED("fexit/security_file_open", on_fexit)
TARGETED("fentry.s/bpf_fentry_test1", on_fentry_s)
TARGETED("fexit.s/bpf_fentry_test1", on_fexit_s)
TARGETED("fmod_ret/security_file_open", on_fmod_ret)
TARGETED("fmod_ret.s/bpf_fentry_test1", on_fmod_ret_s)
TARGETED("fsession/security_file_open", on_fsession)
TARGETED("fsession.s/bpf_fentry_test1", on_fsession_s)
TARGETED("fentry.multi/security_file_ope*", on_fentry_multi)
TARGETED("fexit.multi/security_file_ope*", on_fexit_multi)
TARGETED("fsession.multi/security_file_ope*", on_fsession_multi)
TARGETED("fentry.multi.s/bpf_fentry_test1", on_fentry_multi_s)
TARGETED("fexit.multi.s/bpf_fentry_test1", on_fexit_multi_s)
TARGETED("fsession.multi.s/bpf_fentry_test1", on_fsession_multi_s)
TARGETED("lsm/file_open", on_lsm)
TARGETED("lsm.s/file_open", on_lsm_s)
TARGETED("kprobe/security_file_open", on_kprobe)
TARGETED("kretprobe/security_file_open", on_kretprobe)
TARGETED("ksyscall/clock_gettime", on_ksyscall)
TARGETED("kretsyscall/clock_gettime", on_kretsyscall)
TARGETED("kprobe.multi/security_file_ope*", on_kprobe_multi)
TARGETED("kretprobe.multi/security_file_ope*", on_kretprobe_multi)
TARGETED("kprobe.session/security_file_ope*", on_kprobe_session)
TARGETED("perf_event", on_perf_event)
TARGETED("fentry/bpf_fentry_test2", tested)
