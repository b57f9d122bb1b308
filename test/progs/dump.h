/* What dump.bpf.c and dump-older.bpf.c have both: a map, data, a subprogram. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} totals SEC(".maps");

const volatile __u64 mask = 0x123456789abcdef0;
__u64 seen;

static __attribute__((noinline)) __u64 mix(__u64 value, const char *salt)
{
	return (value ^ mask) + (__s64)(value >> 7) + salt[0];
}
