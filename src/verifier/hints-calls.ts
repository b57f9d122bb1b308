import type { Hint } from './hints.js';

/** What the verifier says on calls: helpers, kernel functions, their arguments, and what they hand out. */
export const CALL_HINTS: readonly Hint[] = [
  {
    name: 'poison-core',
    match: /invalid func unknown#195896080|failed to resolve CO-RE relocation/,
    hint: 'A CO-RE relocation found nothing: the running kernel lacks the type, field or value that the program uses here. Ask with bpf_core_field_exists() or bpf_core_type_exists() before using it.',
  },
  {
    name: 'poison-map',
    match: /invalid func unknown#2001\d{6}|map '[^']*' is referenced but wasn't created/,
    hint: 'A map is used here that was not created (autocreate is off, or this kernel lacks its type).',
  },
  {
    name: 'poison-kfunc',
    match: /invalid func unknown#2002\d{6}|kfunc '[^']*' is referenced but wasn't resolved/,
    hint: 'A kernel function is called here that the running kernel lacks (it is declared __weak). Ask with bpf_ksym_exists() before calling it.',
  },
  {
    name: 'helper-unknown',
    match: /invalid func (\S+)#(\d+)/,
    hint: 'The running kernel has no helper number $2: it is older than the helper.',
  },
  {
    name: 'helper-not-for-type',
    match: /(?:program of this type cannot use helper|unknown func) (\w+)#\d+/,
    hint: 'Programs of this type may not call $1 on this kernel. See `feature probe` for the helpers of each type, and check that the section name gives the type that is meant.',
  },
  {
    name: 'gpl-only',
    match: /GPL[- ](?:restricted|compatible)/,
    hint: 'This is only for programs under the GPL: `char LICENSE[] SEC("license") = "GPL";` (or "Dual MIT/GPL", "Dual BSD/GPL").',
  },
  {
    name: 'kfunc-not-for-type',
    match: /calling kernel function (\S+) is not allowed/,
    hint: 'Programs of this type may not call the kernel function $1 on this kernel. Check the section name, and for which program types the kernel registers it.',
  },
  {
    name: 'kfunc-unsupported',
    match:
      /calling kernel functions? (?:is|are) not (?:supported|allowed)|does not support calling (?:kernel function|kfunc)|kernel btf_id \d+ is not a function/,
    hint: 'This kernel cannot call kernel functions from BPF here: it is too old, its JIT compiler is off or lacks it, or it has no such function.',
  },
  {
    name: 'sleeps',
    match: /might sleep in a non-sleepable|must be sleepable|sleepable helper|is sleepable within/,
    hint: 'This call may sleep, and the program runs where nothing may. Use a sleepable section (`.s`: `SEC("fentry.s/...")`, `SEC("lsm.s/...")`), and no such call while a lock or RCU is held.',
  },
  {
    name: 'argument-may-be-null',
    match: /Possibly NULL pointer passed|type=\w+_or_null expected=/,
    hint: 'An argument may be NULL. Test the pointer before the call: `if (!value) return 0;`.',
  },
  {
    name: 'released-already',
    match:
      /type=scalar expected=(?:ringbuf_mem|alloc_mem)|reference has not been acquired before|must be referenced when passed to release/,
    hint: 'What is given back here is not held: it was given back (or submitted) before, or was never acquired on this path.',
  },
  {
    name: 'tail-call-map',
    match:
      /expected prog array map for tail call|tail_call abusing map_ptr|cannot pass map_type \d+ into func bpf_tail_call|subsystem misconfigured verifier/,
    hint: 'bpf_tail_call() takes a map of type BPF_MAP_TYPE_PROG_ARRAY, the same one on all paths.',
  },
  {
    name: 'map-type',
    match: /cannot pass map_type (\d+) into func (\w+)#\d+/,
    hint: '$2 does not work on maps of type $1. `feature probe` and the documentation of the helper say which it takes.',
  },
  {
    name: 'argument-type',
    match: /R(\d) type=(\S+) expected=(.+?)(?:;|$)/,
    hint: 'Argument $1 of this call is $2, and has to be $3. `scalar` or `inv` is a number, `fp` an address on the stack, `ctx` the context.',
  },
  {
    name: 'length-bounds',
    match: /unbounded (?:memory access|size), use 'var &= const'|min value is negative, either use unsigned or 'var &= const'/,
    hint: 'The length may be negative or too large for the buffer. Make it unsigned and limit it right before the call: `if (n > sizeof(buffer)) return 0;` or `n &= sizeof(buffer) - 1`.',
  },
  {
    name: 'length-zero',
    match: /invalid zero-sized read/,
    hint: 'The length may be 0, which this call does not take. Test it before: `if (n == 0) return 0;`.',
  },
  {
    name: 'not-constant',
    match: /is not a (?:known )?const|must be a known constant/,
    hint: 'This argument has to be a number that is known when the program is compiled. For a ring buffer record of varying size use bpf_ringbuf_output() or a dynptr.',
  },
  {
    name: 'reference-kept',
    match: /Unreleased reference|reference leak/,
    hint: 'Something that was acquired is not given back on a path that ends here: submit or discard ring buffer records, release sockets (bpf_sk_release), tasks and the like on every path.',
  },
  {
    name: 'call-under-lock',
    match: /calls? (?:is|are) not allowed while holding a lock|calls are not allowed (?:while|with)/,
    hint: 'Between bpf_spin_lock() and bpf_spin_unlock() no functions may be called. Do it before or after.',
  },
  {
    name: 'lock-kept',
    match: /bpf_spin_unlock is missing|inside bpf_spin_lock-ed region|bpf_spin_unlock without|unlock of different lock/,
    hint: 'Each bpf_spin_lock() needs one bpf_spin_unlock() of the same lock on every path, before the program or function ends.',
  },
  {
    name: 'rcu',
    match: /bpf_rcu_read_(?:un)?lock.*(?:missing|region)|rcu read unlock|nested rcu read lock/,
    hint: 'Each bpf_rcu_read_lock() needs one bpf_rcu_read_unlock() on every path.',
  },
  {
    name: 'rcu-needed',
    match: /expected an RCU CS|must be a rcu pointer|must be referenced or trusted/,
    hint: 'The kernel has to be sure that the object still exists: take it from an argument of the program, acquire it with a kfunc, or use it between bpf_rcu_read_lock() and bpf_rcu_read_unlock().',
  },
  {
    name: 'preemption-kept',
    match: /bpf_preempt_enable.*missing|bpf_preempt_disable-ed region|enable preemption|bpf_local_irq_(?:save|restore).*(?:missing|region)/,
    hint: 'What turns preemption or interrupts off needs its counterpart on every path, before the program ends.',
  },
  {
    name: 'iterator',
    match: /expected an? (?:un)?initialized iter_(\w+)|uninitialized iter_\w+/,
    hint: 'An iterator is a variable on the stack that bpf_iter_$1_new() starts once and bpf_iter_$1_destroy() ends on every path; bpf_for() and bpf_repeat() do that by themselves.',
  },
  {
    name: 'dynptr',
    match: /[Ee]xpected an initialized dynptr|Dynptr has to be an uninitialized|dynptr at off=|overwrite referenced dynptr/,
    hint: 'A dynptr is a variable on the stack that one call fills (bpf_dynptr_from_mem, bpf_ringbuf_reserve_dynptr) before others use it; it is not copied, nor written to directly.',
  },
  {
    name: 'arguments-of-global',
    match: /Caller passes invalid args into func#\d+ \('(\w+)'\)/,
    hint: 'The function $1 is global: it is verified for itself, for all arguments that its types allow. Pass what the types say, or make it static.',
  },
  {
    name: 'global-argument-type',
    match: /Arg#\d+ type \w+ in \w+\(\) is not supported|arg#\d+ .*must point to .*scalar|Unrecognized arg#\d+ type/,
    hint: 'A global function cannot take an argument of this type on this kernel. Make the function static: then it is verified as a part of its callers.',
  },
  {
    name: 'unknown-argument',
    match: /func '(\w+)' doesn't have (\d+)-th argument|func '(\w+)' arg(\d+) .*is not a struct/,
    hint: 'The program uses an argument that the kernel function it attaches to has not, or not as a pointer to a struct. The kernel may have another signature than the one the program was written for.',
  },
  {
    name: 'map-needs-btf',
    match: /has to have BTF|has no valid (?:bpf_spin_lock|bpf_timer|bpf_wq|kptr)/,
    hint: 'The map has to say of which type its values are (`__type(value, struct ...)`), and the struct has to hold this field.',
  },
];
