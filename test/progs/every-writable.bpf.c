/* Raw tracepoints with an argument that may be written to: how often a test run of a program was told that it ended (trace/events/bpf_test_run.h). */
#include "count.h"

PROGRAM("raw_tracepoint.w/bpf_test_finish", on_writable, void, 0)
PROGRAM("raw_tp.w/bpf_test_finish", on_writable_too, void, 0)
PROGRAM("socket", tested, struct __sk_buff, 0)
