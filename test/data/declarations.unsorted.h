#ifndef __VMLINUX_H__
#define __VMLINUX_H__

#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)
#endif

#ifndef __ksym
#define __ksym __attribute__((section(".ksyms")))
#endif

#ifndef __weak
#define __weak __attribute__((weak))
#endif

#ifndef __bpf_fastcall
#if __has_attribute(bpf_fastcall)
#define __bpf_fastcall __attribute__((bpf_fastcall))
#else
#define __bpf_fastcall
#endif
#endif

struct empty {};

typedef unsigned int u32;

struct packed {
	char a;
	int b;
	short c;
} __attribute__((packed));

typedef int (*handler)(const char *, void * const, ...);

typedef handler handlers[2][3];

enum color {
	RED = 0,
	GREEN = 2147483648,
};

enum signs {
	MINUS = -1,
	PLUS = 1,
};

enum wide {
	LARGE = 1311768467463790320ULL,
};

enum tiny {
	NOTHING = 0,
} __attribute__((mode(byte)));

struct nested {
	struct {
		int x;
		struct empty empty;
		union {
			u32 y;
			struct {
				char z;
			} deep[2];
		};
	};
	enum {
		INNER_A = 0,
		INNER_B = 1,
	} inner;
	struct {
		struct packed p;
	} *pointer;
	volatile const int * volatile const chain[4];
	const handlers table;
	int (* (*returns)(int))[5];
	void (*functions[3])(void);
	enum color color;
	enum signs signs;
	enum wide wide;
	enum tiny tiny;
	_Bool yes;
	long double large;
	char flexible[0];
};

struct node;

struct list {
	struct list *next;
	struct list **before;
	struct node *owner;
};

struct later;

union either;

struct node {
	struct list list;
	struct later *later;
	union either *other;
	int (*compare)(struct node *, struct node *);
};

union either {
	struct node node;
	long numbers[4];
};

struct holes {
	char a;
	long: 64;
	int b;
	short c;
	long: 64;
	long d;
	char end;
	long: 64;
	long: 64;
};

struct bits {
	int a: 3;
	char: 5;
	unsigned int b: 20;
	int: 4;
	_Bool c: 1;
	long: 31;
	long d: 33;
	char e;
	int f: 7;
};

struct never;

struct unused_pointer {
	const void * restrict data;
	struct never *never;
};


/* BPF kfuncs */
#ifndef BPF_NO_KFUNC_PROTOTYPES
#endif

#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute pop
#endif

#endif /* __VMLINUX_H__ */
