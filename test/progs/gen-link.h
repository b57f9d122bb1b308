/* What both halves of an object know. */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

struct shared_key {
	unsigned int cpu;
	char name[12];
};

struct item {
	unsigned int value;
	struct item *next;
	struct hidden *hidden;
};

#define SHARED_MAP                             \
	struct {                                   \
		__uint(type, BPF_MAP_TYPE_HASH);       \
		__uint(max_entries, 8);                \
		__type(key, struct shared_key);        \
		__type(value, unsigned long long);     \
	}
