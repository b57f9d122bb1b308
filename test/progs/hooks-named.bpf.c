/* Programs whose sections say what they attach to: a process is all that is to be said beside. */
#include "count.h"

PROGRAM("uprobe/libc.so.6:syscall", on_entry, void, 0)
PROGRAM("uretprobe/libc.so.6:syscall", on_return, void, 0)
PROGRAM("perf_event", on_clock, void, 0)
