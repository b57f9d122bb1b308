/* Pages that come into the page cache and leave it. */
#include "tool.h"

__u64 added, removed;

SEC("tracepoint/filemap/mm_filemap_add_to_page_cache") int on_add(void *ctx)
{
	__sync_fetch_and_add(&added, 1);
	return 0;
}

SEC("tracepoint/filemap/mm_filemap_delete_from_page_cache") int on_remove(void *ctx)
{
	__sync_fetch_and_add(&removed, 1);
	return 0;
}
