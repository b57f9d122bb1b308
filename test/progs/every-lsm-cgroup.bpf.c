/* An LSM program of a cgroup, which kernels before 6.0 do not load. It allows what it sees. */
#include "count.h"

PROGRAM("lsm_cgroup/socket_bind", on_bind, void, 1)
