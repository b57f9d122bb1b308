/* Requests to block devices, and how long they took. */
#include "tool.h"

struct place {
	__u32 device;
	__u64 sector;
};

struct event {
	__u64 microseconds, sector;
	__u32 major, minor, sectors;
	char comm[COMM];
};
EVENT(event);
struct ring events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct place);
	__type(value, __u64);
} begun SEC(".maps");

struct request {
	TRACE_ENTRY;
	__u32 device;
	__u64 sector;
	__u32 sectors;
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
	struct event event = { .sectors = ctx->sectors };
	__u64 *begin;

	place.device = ctx->device;
	place.sector = ctx->sector;
	begin = bpf_map_lookup_elem(&begun, &place);
	if (!begin)
		return 0;
	event.microseconds = (bpf_ktime_get_ns() - *begin) / 1000;
	event.sector = place.sector;
	event.major = place.device >> 20;
	event.minor = place.device & 0xfffff;
	bpf_get_current_comm(event.comm, sizeof(event.comm));
	bpf_map_delete_elem(&begun, &place);
	bpf_ringbuf_output(&events, &event, sizeof(event), 0);
	return 0;
}
