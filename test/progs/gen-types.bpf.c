/* Types, globals and maps of all kinds, for what is made from an object: modules, headers. */
#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <bpf/bpf_helpers.h>

enum colour { RED, GREEN = 5, BLUE = -1 };

enum wide : unsigned long { SMALL = 1, HUGE = 0xffffffffffffffff };

typedef struct {
	unsigned char bytes[6];
} mac_t;

struct address {
	unsigned short family;
	union {
		unsigned int v4;
		unsigned char v6[16];
	};
};

struct flags {
	unsigned int low : 3;
	int middle : 5;
	unsigned int : 4;
	enum colour colour : 8;
	_Bool on : 1;
	unsigned long long high : 40;
};

struct inner {
	int x;
	long y;
};

struct everything {
	char c;
	signed char s8;
	unsigned char u8;
	short s16;
	unsigned short u16;
	int s32;
	unsigned int u32;
	long s64;
	unsigned long u64;
	bool flag;
	float f32;
	double f64;
	__int128 s128;
	unsigned __int128 u128;
	enum colour colour;
	enum wide wide;
	void *pointer;
	const volatile char text[16];
	mac_t mac;
	struct address address;
	struct flags flags;
	int matrix[2][3];
	char names[2][8];
	struct inner list[2];
	union {
		struct inner as_inner;
		unsigned long as_word;
	} choice;
};

struct key {
	unsigned int cpu;
	char comm[16];
};

struct exec_event {
	unsigned int pid;
	enum colour colour;
	char comm[16];
	unsigned long long when;
};

struct sample {
	unsigned long long value;
};

/* A ring buffer does not say what is in it, and the compiler leaves out types that no global has. */
const struct exec_event *unused __attribute__((unused));
const struct sample *sample_type __attribute__((btf_decl_tag("event:samples")));

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, struct key);
	__type(value, struct everything);
} table SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, unsigned int);
	__type(value, enum colour);
} colours SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 4);
	__type(key, unsigned int);
	__type(value, unsigned long long);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 4);
	__type(value, struct inner);
} queue SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__uint(key_size, 3);
	__uint(value_size, 5);
} untyped SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} samples SEC(".maps");

const volatile unsigned int threshold = 7;
const volatile char label[12] = "hello";
const volatile struct inner origin = { 1, -2 };

unsigned long long total;
struct everything last_seen;
enum colour favourite = GREEN;
bool enabled = true;
unsigned int limits[4] = { 1, 2, 3, 4 };
static volatile int hidden_counter = 3;
void *somewhere;

unsigned int custom SEC(".data.custom") = 99;

SEC("raw_tp/sched_switch")
int on_switch(void *ctx)
{
	struct exec_event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	struct sample *sample;

	hidden_counter++;
	if (!event)
		return 0;
	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->colour = favourite;
	event->when = bpf_ktime_get_ns();
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	bpf_ringbuf_submit(event, 0);
	sample = bpf_ringbuf_reserve(&samples, sizeof(*sample), 0);
	if (!sample)
		return 0;
	sample->value = total;
	bpf_ringbuf_submit(sample, 0);
	return 0;
}

SEC("xdp")
int count_packets(struct xdp_md *ctx)
{
	unsigned int zero = 0;
	unsigned long long *count = bpf_map_lookup_elem(&counts, &zero);

	if (enabled && threshold < 100 && origin.x == 1 && label[0] == 'h')
		total += limits[0] + custom;
	if (somewhere || last_seen.u32)
		total++;
	if (count)
		*count += 1;
	bpf_map_update_elem(&colours, &zero, &favourite, 0);
	bpf_map_update_elem(&counts, &zero, &total, 0);
	bpf_map_push_elem(&queue, &(struct inner){ .x = 1 }, 0);
	return bpf_map_lookup_elem(&untyped, "abc") || bpf_map_lookup_elem(&table, &(struct key){}) ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
