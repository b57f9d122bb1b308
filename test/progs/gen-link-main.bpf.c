/* The half of an object that uses what the other defines. */
#include "gen-link.h"

extern SHARED_MAP shared SEC(".maps");
extern const volatile unsigned int limit;
extern unsigned long long total;
extern unsigned long long other_total __weak;
extern int add(unsigned int value, struct item *item);
extern unsigned int CONFIG_HZ __kconfig;
extern const void bpf_prog_put __ksym __weak;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, unsigned int);
	__type(value, unsigned int);
} own SEC(".maps");

unsigned char before = 1;
unsigned int in_main = 11;
static volatile unsigned int hidden = 3;
const volatile char name[6] = "main";

static __noinline int helper(unsigned int value)
{
	return value + hidden;
}

__weak int chosen(unsigned int value)
{
	return value + 1;
}

SEC("raw_tp/sys_enter")
int on_enter(void *ctx)
{
	struct item item = { .value = in_main };
	struct shared_key key = { .cpu = 1 };
	unsigned long long *count = bpf_map_lookup_elem(&shared, &key);

	if (count)
		*count += limit + total;
	if (&other_total)
		total += other_total;
	if (&bpf_prog_put)
		total += CONFIG_HZ + before;
	return add(helper(chosen(name[0])), &item);
}

char _license[] SEC("license") = "GPL";
