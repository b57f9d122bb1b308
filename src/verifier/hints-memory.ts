import type { Hint } from './hints.js';

/** What the verifier says on memory: pointers, bounds, the stack, the context, the packet. */
export const MEMORY_HINTS: readonly Hint[] = [
  {
    name: 'missing-null-check',
    match: /invalid mem access '\w*_or_null'|pointer arithmetic on \w+_or_null prohibited/,
    hint: 'This pointer may be NULL. Test what the call returned before using it: `if (!value) return 0;`.',
  },
  {
    name: 'number-as-pointer',
    match: /invalid mem access '(?:scalar|inv)'/,
    hint: 'A number is used as an address here. Memory of the kernel is read with bpf_probe_read_kernel() or BPF_CORE_READ(), memory of a process with bpf_probe_read_user(); or a pointer was changed by arithmetic that the verifier does not follow.',
  },
  {
    name: 'not-readable',
    match: /invalid mem access '([^']+)'/,
    hint: 'Memory behind a pointer of the kind $1 cannot be used directly; there are helpers for it.',
  },
  {
    name: 'packet-bounds',
    match: /invalid access to packet/,
    hint: 'The packet may be shorter than this. Compare with data_end before, through the same pointer and for all bytes that are used: `if (data + sizeof(*header) > data_end) return XDP_PASS;`.',
  },
  {
    name: 'packet-read-only',
    match: /cannot write into packet|does not allow writes to packet data/,
    hint: 'A program of this type may only read the packet. Change it with a helper (bpf_skb_store_bytes) in a tc program, or directly in an XDP or tc program.',
  },
  {
    name: 'map-value-bounds',
    match: /invalid access to map value, value_size=(\d+) off=(-?\d+) size=(\d+)/,
    hint: 'The map value has $1 bytes; here $3 bytes at offset $2 of it may be used. Test the index against the number of elements before: `if (i >= N) return 0;`.',
  },
  {
    name: 'memory-bounds',
    match: /invalid access to memory, mem_size=(\d+) off=(-?\d+) size=(\d+)/,
    hint: 'The memory has $1 bytes; here $3 bytes at offset $2 of it may be used.',
  },
  {
    name: 'unbounded-offset',
    match: /unbounded memory access, make sure to bounds check/,
    hint: 'The index has no upper bound that the verifier knows of. Test it right before the use (`if (i >= N) return 0;`) or mask it (`i &= N - 1`); compilers may test one copy of a variable and use another.',
  },
  {
    name: 'negative-offset',
    match: /min value is negative, either use unsigned index/,
    hint: 'The index may be negative. Make it unsigned, or test that it is not below 0 as well as not too large.',
  },
  {
    name: 'unbounded-pointer-math',
    match: /math between (\w+) pointer and register with unbounded min value/,
    hint: 'A number that may be anything, also negative, is added to a pointer ($1). Make it unsigned and limit it before: `if (i >= N) return 0;` or `i &= N - 1`.',
  },
  {
    name: 'pointer-out-of-range',
    match: /math between .* pointer and -?\d+ is not allowed|makes .* pointer be out of bounds|pointer arithmetic .* goes out of range/,
    hint: 'The pointer would lie too far outside of what it points into. Limit the number that is added to it.',
  },
  {
    name: 'pointer-arithmetic',
    match:
      /pointer arithmetic (?:with .* operator |on .* )?prohibited|32-bit pointer arithmetic|pointer \S+ pointer prohibited|bitwise operator .* on pointer|tried to subtract pointer from scalar/,
    hint: 'Only a 64-bit number may be added to or subtracted from a pointer, and not to every kind of pointer. Keep pointers in variables of pointer type, and compute offsets apart from them.',
  },
  {
    name: 'no-return-value',
    match: /^R0 !read_ok/,
    hint: 'A path through the function ends without a return value, or uses the result of a call that has none. Return a value on every path.',
  },
  {
    name: 'never-written',
    match: /R(\d+) !read_ok/,
    hint: 'Register R$1 is read before anything was written to it: a variable without a value on some path. Calls clear R1 to R5.',
  },
  {
    name: 'context-field',
    match: /invalid bpf_context access off=(\d+) size=(\d+)/,
    hint: 'Programs of this type have no field at offset $1 of their context, or may not use it like this ($2 bytes). Check the section name, and the context type of the function.',
  },
  {
    name: 'context-moved',
    match: /dereference of modified (?:ctx|\w+) ptr|variable ctx access|negative offset ctx ptr/,
    hint: 'Fields of the context are read at fixed offsets from the pointer that the program was given. Do not add to that pointer, and read the field into a variable on one path.',
  },
  {
    name: 'stack-not-written',
    match: /invalid (?:indirect )?read from stack|invalid indirect access to stack/,
    hint: 'Part of this stack memory was never written. Set the whole variable to zero before (`struct key key = {};`, with memset() for its padding).',
  },
  {
    name: 'stack-bounds',
    match: /invalid (?:\S+ )*stack\b.*|stack .*out of bounds/,
    hint: 'This is outside of the stack frame, which has 512 bytes, or at an index without bounds. Test the index before, or keep large data in a map (a per-CPU array with one entry).',
  },
  {
    name: 'misaligned',
    match: /misaligned (?:\w+ )?access/,
    hint: 'Memory of this kind is used at multiples of the size that is read or written. Check packed structs and casts.',
  },
  {
    name: 'frame-pointer',
    match: /frame pointer is read only/,
    hint: 'R10 points to the stack frame and cannot be changed. Copy it to another register first.',
  },
  {
    name: 'map-read-only',
    match: /(write into|read from) map forbidden/,
    hint: 'The map (or `const` data) was made so that a program cannot $1 it. For data that the program writes, leave `const` out, or the flag of the map.',
  },
  {
    name: 'kernel-memory',
    match: /only read (?:from \w+ )?is supported/,
    hint: 'Memory of the kernel can be read here, not written. A few fields are written through kfuncs or helpers.',
  },
  {
    name: 'kernel-struct-bounds',
    match: /access beyond (?:the end of )?(struct \w+|\w+)/,
    hint: 'This is behind the end of $1 as the running kernel has it. Use the type of vmlinux.h, with CO-RE (`__attribute__((preserve_access_index))`).',
  },
  {
    name: 'privileges',
    match: /!root|leaks addr|leaking pointer|pointer comparison prohibited|allowed (?:only )?(?:for|to) CAP_|CAP_BPF and CAP_/,
    hint: 'This is kept from programs that are loaded without privileges. Load it as root, or with CAP_BPF and CAP_PERFMON.',
  },
];
