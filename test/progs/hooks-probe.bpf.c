/* One program for each kind of probe. Where they are attached the test says. */
#include "count.h"

PROGRAM("uprobe", on_entry, void, 0)
PROGRAM("uretprobe", on_return, void, 0)
PROGRAM("uprobe.multi", on_entries, void, 0)
PROGRAM("uretprobe.multi", on_returns, void, 0)
PROGRAM("uprobe.session", on_both, void, 0)
PROGRAM("kprobe", on_kernel_entry, void, 0)
PROGRAM("kretprobe", on_kernel_return, void, 0)
PROGRAM("ksyscall", on_call, void, 0)
PROGRAM("kretsyscall", on_call_return, void, 0)
PROGRAM("kprobe.multi", on_kernel_entries, void, 0)
PROGRAM("kretprobe.multi", on_kernel_returns, void, 0)
PROGRAM("kprobe.session", on_kernel_both, void, 0)
