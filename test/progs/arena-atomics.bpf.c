/* Atomic operations on memory of an arena, which the verifier writes anew. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define ARENA_FLAGS 0x400 /* BPF_F_MMAPABLE */
#define __arena __attribute__((address_space(1)))

struct {
	__uint(type, 33); /* BPF_MAP_TYPE_ARENA, since 6.9 */
	__uint(map_flags, ARENA_FLAGS);
	__uint(max_entries, 1);
} arena SEC(".maps");

void __arena *bpf_arena_alloc_pages(void *map, void __arena *addr, __u32 page_cnt, int node_id, __u64 flags) __ksym __weak;

SEC("syscall")
int add(void *ctx)
{
	__u64 __arena *page = bpf_arena_alloc_pages(&arena, 0, 1, -1, 0);

	if (!page)
		return 0;
	__sync_fetch_and_add(page, 5);
	return __sync_fetch_and_add(page + 1, 7);
}

char _license[] SEC("license") = "GPL";
