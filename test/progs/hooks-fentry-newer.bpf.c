/* Hooks of newer kernels that are patched into functions; each is loaded by itself. */
#include "count.h"

PROGRAM("?lsm.s/file_open", on_lsm_s, void, 0)
PROGRAM("?fsession/security_file_open", on_session, void, 0)
