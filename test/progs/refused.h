/* What the refused-*.bpf.c programs share. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* Loaded only when it is named: all others of the object have to be left out to see what the verifier says on it. */
#define REFUSED(section) SEC("?" section)
#define NAKED __attribute__((naked))

char LICENSE[] SEC("license") = "GPL";
