/* Global variables of every kind of section. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

enum mode { QUIET, LOUD = 7 };

struct config {
	unsigned short port;
	unsigned int limits[3];
	enum mode mode;
};

const volatile unsigned int answer = 42;
const volatile _Bool verbose = 0;
const volatile char label[8] = "none";
const volatile float ratio = 0.5f;
const volatile enum mode mode = QUIET;
const volatile long long wide = -1;
volatile const struct config config = { .port = 80, .limits = { 1, 2, 3 } };

unsigned long counter = 5;
unsigned int zeroed;
static volatile unsigned int private_zero;
__attribute__((visibility("hidden"))) unsigned int hidden_only SEC(".data.hidden") = 9;
unsigned int custom SEC(".data.custom") = 11;
const volatile unsigned int fixed SEC(".rodata.custom") = 13;

SEC("socket")
int sum(struct __sk_buff *skb)
{
	counter++;
	zeroed += config.limits[1] + config.port;
	private_zero++;
	hidden_only++;
	custom += fixed;
	return answer + verbose + label[0] + mode + (wide < 0) + (*(volatile unsigned int *)&ratio == 0x3f000000);
}

char _license[] SEC("license") = "Dual BSD/GPL";
