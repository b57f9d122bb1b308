/* Fills a ring buffer as fast as it can: numbered records of 64 bytes. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define ROUNDS 10000

struct record {
	__u64 number;
	__u64 rest[7];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 16 * 1024 * 1024);
} records SEC(".maps");

__u64 sent = 0;
__u64 lost = 0;

static long send(__u32 index, void *context)
{
	struct record *record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);

	if (!record) {
		lost++;
		return 0;
	}
	record->number = sent++;
	for (int i = 0; i < 7; i++)
		record->rest[i] = index;
	bpf_ringbuf_submit(record, 0);
	return 0;
}

SEC("syscall") int produce(void *context)
{
	bpf_loop(ROUNDS, send, 0, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
