/* Probes of user functions that may sleep, which kernels before 6.0 do not load. */
#include "count.h"

PROGRAM("uprobe.s", on_entry_s, void, 0)
PROGRAM("uretprobe.s", on_return_s, void, 0)
PROGRAM("uprobe.multi.s", on_entries_s, void, 0)
