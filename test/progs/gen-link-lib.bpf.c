/* The half of an object that defines what the other uses. */
#include "gen-link.h"

struct hidden {
	struct item *items[2];
	long size;
};

SHARED_MAP shared SEC(".maps");

extern unsigned int CONFIG_HZ __kconfig;

const volatile unsigned int limit = 40;
unsigned long long total;
unsigned long long other_total = 5;
unsigned int in_lib[3] = { 1, 2, 3 };
static volatile unsigned int hidden = 4;
struct hidden *last;

static __noinline int helper(unsigned int value)
{
	return value * hidden;
}

/* Stronger than the other one. */
__noinline int chosen(unsigned int value)
{
	return value + 2;
}

__noinline int add(unsigned int value, struct item *item)
{
	if (!item)
		return 0;
	total += helper(value) + item->value + in_lib[value & 1];
	return total > CONFIG_HZ;
}

SEC("raw_tp/sys_exit")
int on_exit(void *ctx)
{
	struct shared_key key = { .cpu = 2 };

	bpf_map_update_elem(&shared, &key, &total, 0);
	return helper(chosen(1)) + (last != 0);
}

SEC("raw_tp/sys_enter")
int on_enter_too(void *ctx)
{
	return chosen(in_lib[2]);
}

char LICENSE[] SEC("license") = "GPL";
