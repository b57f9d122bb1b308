/* How often files are opened, read, written, and brought to the disk. */
#include "tool.h"

struct {
	__u64 opens, reads, writes, syncs;
} stats;

SEC("kprobe/vfs_open") int on_open(void *ctx)
{
	__sync_fetch_and_add(&stats.opens, 1);
	return 0;
}

SEC("kprobe/vfs_read") int on_read(void *ctx)
{
	__sync_fetch_and_add(&stats.reads, 1);
	return 0;
}

SEC("kprobe/vfs_write") int on_write(void *ctx)
{
	__sync_fetch_and_add(&stats.writes, 1);
	return 0;
}

SEC("kprobe/vfs_fsync_range") int on_sync(void *ctx)
{
	__sync_fetch_and_add(&stats.syncs, 1);
	return 0;
}
