/* What the tools share: how they are compiled, and those parts of the kernel's structs that they look at, found by CO-RE wherever they are. */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define COMM 16
#define PATH 64
#define SLOTS 27

/* Makes a type part of the object though it is used on the stack alone. */
#define EVENT(type) const struct type *unused_##type __attribute__((unused))
/* What every tracepoint's fields begin with. */
#define TRACE_ENTRY __u64 common

struct ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
};

struct perf {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
};

struct hist {
	__u32 slots[SLOTS];
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct task_struct {
	int pid, tgid, exit_code;
	__u64 start_time;
	struct task_struct *real_parent;
	char comm[COMM];
};
struct sock_common {
	__be32 skc_daddr, skc_rcv_saddr;
	__be16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
};
struct sock {
	struct sock_common __sk_common;
};
struct tcp_sock {
	__u32 srtt_us;
};
struct socket {
	struct sock *sk;
};
struct qstr {
	const unsigned char *name;
};
struct dentry {
	struct qstr d_name;
};
struct file {
	struct path {
		struct dentry *dentry;
	} f_path;
};
#pragma clang attribute pop

/* Which slot of a histogram counts a value. */
static __always_inline __u32 slot_of(__u64 value)
{
	__u32 slot = 0;

	for (int step = 32; step > 0; step >>= 1) {
		if (value >> step) {
			value >>= step;
			slot += step;
		}
	}
	return slot < SLOTS ? slot : SLOTS - 1;
}

/* The histogram of a key, made when there is none yet. */
#define HIST_OF(map, key) ({								\
	static const struct hist none;							\
	struct hist *found = bpf_map_lookup_elem(map, key);				\
	if (!found) {									\
		bpf_map_update_elem(map, key, &none, BPF_NOEXIST);			\
		found = bpf_map_lookup_elem(map, key);					\
	}										\
	found; })

static __always_inline void count_in(struct hist *hist, __u64 value)
{
	if (hist)
		__sync_fetch_and_add(&hist->slots[slot_of(value)], 1);
}

static __always_inline __u32 process_id(void)
{
	return bpf_get_current_pid_tgid() >> 32;
}

static __always_inline __u32 thread_id(void)
{
	return bpf_get_current_pid_tgid();
}

char LICENSE[] SEC("license") = "GPL";
