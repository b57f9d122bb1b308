/* A program for each kind of map that redirects packets, and what redirects to them. */
#include "count.h"

PROGRAM("xdp/devmap", in_devmap, struct xdp_md, XDP_PASS)
PROGRAM("xdp.frags/devmap", in_devmap_frags, struct xdp_md, XDP_PASS)
PROGRAM("xdp/cpumap", in_cpumap, struct xdp_md, XDP_PASS)
PROGRAM("xdp.frags/cpumap", in_cpumap_frags, struct xdp_md, XDP_PASS)

struct value {
	__u32 target;
	int program;
};

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct value);
} devices SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct value);
} cpus SEC(".maps");

SEC("xdp") int to_device(struct xdp_md *ctx)
{
	return bpf_redirect_map(&devices, 0, XDP_PASS);
}

SEC("xdp") int to_cpu(struct xdp_md *ctx)
{
	return bpf_redirect_map(&cpus, 0, XDP_PASS);
}

SEC("xdp.frags") int to_device_frags(struct xdp_md *ctx)
{
	return bpf_redirect_map(&devices, 0, XDP_PASS);
}

SEC("xdp.frags") int to_cpu_frags(struct xdp_md *ctx)
{
	return bpf_redirect_map(&cpus, 0, XDP_PASS);
}
