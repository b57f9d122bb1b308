/* A program that runs when it is asked to. */
#include "count.h"

PROGRAM("syscall", on_call, void, 0)
