/* A program for each section of probes of user functions: where this process enters the kernel through the C library. */
#include "count.h"

#define PLACE "libc.so.6:syscall"

PROGRAM("uprobe/" PLACE, on_uprobe, void, 0)
PROGRAM("uprobe.s/" PLACE, on_uprobe_s, void, 0)
PROGRAM("uretprobe/" PLACE, on_uretprobe, void, 0)
PROGRAM("uretprobe.s/" PLACE, on_uretprobe_s, void, 0)
PROGRAM("uprobe.multi/" PLACE, on_uprobe_multi, void, 0)
PROGRAM("uretprobe.multi/" PLACE, on_uretprobe_multi, void, 0)
PROGRAM("uprobe.multi.s/" PLACE, on_uprobe_multi_s, void, 0)
PROGRAM("uretprobe.multi.s/" PLACE, on_uretprobe_multi_s, void, 0)
PROGRAM("uprobe.session/" PLACE, on_uprobe_session, void, 0)
PROGRAM("uprobe.session.s/" PLACE, on_uprobe_session_s, void, 0)
