/*
 * A program with static probes, as <sys/sdt.h> makes them, which is not installed everywhere. Built by hand, and committed, for x86-64:
 *   gcc -O1 -nostdlib -static -fno-stack-protector -s -o usdt-probes.x86-64 usdt-probes.c
 *   gcc -O1 -nostdlib -static-pie -fPIE -fno-stack-protector -s -DWAIT -o usdt-probes-pie.x86-64 usdt-probes.c
 * The second one lies anywhere in memory, and waits for a byte on standard input before it comes to its probes.
 */
#define NOTE(provider, name, semaphore, args)                                     \
	".pushsection .note.stapsdt,\"\",\"note\"\n\t.balign 4\n\t"               \
	".4byte 992f-991f, 994f-993f, 3\n"                                        \
	"991:\t.asciz \"stapsdt\"\n"                                              \
	"992:\t.balign 4\n"                                                       \
	"993:\t.8byte 990b\n\t.8byte _.stapsdt.base\n\t.8byte " semaphore "\n\t" \
	".asciz \"" provider "\"\n\t.asciz \"" name "\"\n\t.asciz \"" args "\"\n" \
	"994:\t.balign 4\n\t.popsection\n"

__attribute__((section(".probes"))) volatile unsigned short semaphore;

__asm__(".pushsection .stapsdt.base,\"aG\",\"progbits\",.stapsdt.base,comdat\n"
	".weak _.stapsdt.base\n.hidden _.stapsdt.base\n_.stapsdt.base: .space 1\n.size _.stapsdt.base, 1\n.popsection\n");

void _start(void)
{
	/* On the stack, since programs cannot read what is not in memory yet. */
	volatile int numbers[] = { 11, 22, 33, 44 };
	volatile int *at = numbers;
	long index = 2;

#ifdef WAIT
	char byte;
	long length;

	__asm__ volatile("syscall" : "=a"(length) : "a"(0), "D"(0), "S"(&byte), "d"(1) : "rcx", "r11", "memory");
#endif
	/* A constant, a register, memory by a register, memory by a register and an index. */
	__asm__ volatile("mov %0, %%rdi\n\tmov %1, %%rsi\n\tmov $-7, %%edx\n"
			 "990:\tnop\n"
			 NOTE("test", "four", "0", "-4@$-5 -4@%%edx 4@4(%%rdi) 4@(%%rdi,%%rsi,4)")
			 :
			 : "r"(at), "r"(index)
			 : "rdi", "rsi", "rdx", "memory");
	/* Reached only by who raises the counter. */
	if (semaphore)
		__asm__ volatile("990:\tnop\n" NOTE("test", "wanted", "semaphore", ""));
	__asm__ volatile("mov $60, %eax\n\txor %edi, %edi\n\tsyscall");
}
