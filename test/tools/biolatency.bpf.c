/* How long requests to block devices take, in microseconds, by device. */
#include "tool.h"

struct place {
	__u32 device;
	__u64 sector;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct place);
	__type(value, __u64);
} begun SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct hist);
} hists SEC(".maps");

struct request {
	TRACE_ENTRY;
	__u32 device;
	__u64 sector;
};

SEC("tracepoint/block/block_rq_issue") int on_issue(struct request *ctx)
{
	struct place place = {};
	__u64 now = bpf_ktime_get_ns();

	place.device = ctx->device;
	place.sector = ctx->sector;
	bpf_map_update_elem(&begun, &place, &now, BPF_ANY);
	return 0;
}

SEC("tracepoint/block/block_rq_complete") int on_complete(struct request *ctx)
{
	struct place place = {};
	__u64 *begin;

	place.device = ctx->device;
	place.sector = ctx->sector;
	begin = bpf_map_lookup_elem(&begun, &place);
	if (begin)
		count_in(HIST_OF(&hists, &place.device), (bpf_ktime_get_ns() - *begin) / 1000);
	bpf_map_delete_elem(&begun, &place);
	return 0;
}
