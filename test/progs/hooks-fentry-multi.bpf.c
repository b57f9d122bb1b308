/* Programs on many functions of the kernel at once, which kernels before 7.2 do not load. */
#include "count.h"

PROGRAM("fentry.multi/security_file_op*", on_entries, void, 0)
PROGRAM("fexit.multi/security_file_op*", on_exits, void, 0)
PROGRAM("fsession.multi/security_file_op*", on_both, void, 0)
