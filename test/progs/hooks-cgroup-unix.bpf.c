/* The hooks of a cgroup for Unix sockets, which came with Linux 6.7; all allow what they see. */
#include "count.h"

#define ALLOW 1

PROGRAM("cgroup/connect_unix", connect_unix, struct bpf_sock_addr, ALLOW)
PROGRAM("cgroup/sendmsg_unix", sendmsg_unix, struct bpf_sock_addr, ALLOW)
PROGRAM("cgroup/recvmsg_unix", recvmsg_unix, struct bpf_sock_addr, ALLOW)
PROGRAM("cgroup/getpeername_unix", getpeername_unix, struct bpf_sock_addr, ALLOW)
PROGRAM("cgroup/getsockname_unix", getsockname_unix, struct bpf_sock_addr, ALLOW)
