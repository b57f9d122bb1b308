import type { Hint } from './hints.js';

/** What the verifier says on jumps, loops, sizes and return values, and on itself. */
export const FLOW_HINTS: readonly Hint[] = [
  {
    name: 'endless-loop',
    match: /infinite loop detected/,
    hint: 'Nothing that the verifier follows changes from one round of this loop to the next. Count up to a constant, or use bpf_for() or bpf_loop().',
  },
  {
    name: 'back-edge',
    match: /back-edge from insn/,
    hint: 'A loop or recursion. Kernels before 5.3, and programs loaded without CAP_BPF, take no loops: unroll it (`#pragma unroll`); functions may never call themselves without an end.',
  },
  {
    name: 'too-many-instructions',
    match: /BPF program is too large\. Processed|program is too large/,
    hint: 'The verifier followed more than its limit of instructions, which is mostly a loop with many rounds or many branches in it. Use bpf_loop() or bpf_for(), move parts to global (not static) functions, or chain programs with tail calls.',
  },
  {
    name: 'too-many-branches',
    match: /sequence of \d+ jumps is too complex/,
    hint: 'Too many branches wait to be followed at once. Move parts of the code to global functions, or loop with bpf_loop().',
  },
  {
    name: 'unreachable',
    match: /unreachable insn/,
    hint: 'No path leads to this instruction, which compilers leave out by themselves: check inline assembly, and code behind a call that never returns.',
  },
  {
    name: 'no-exit',
    match: /last insn is not an exit or jmp/,
    hint: 'The program or function runs on past its last instruction. Return a value at its end; compilers end code so when they found that it would do something undefined.',
  },
  {
    name: 'jump-out',
    match: /jump out of range|jump into the middle of ldimm64|invalid insn idx/,
    hint: 'A jump leaves its function, or leads into the middle of an instruction. The object may be damaged, or two sections were joined wrongly.',
  },
  {
    name: 'division-by-zero',
    match: /div by zero/,
    hint: 'A division by the constant 0.',
  },
  {
    name: 'opcode-unknown',
    match: /unknown opcode|invalid BPF_\w+ opcode|uses reserved fields|unknown insn class|invalid atomic|invalid size of register/,
    hint: 'The running kernel does not know this instruction. Compile for an older instruction set: -mcpu=v3 (since 5.12 for atomics), -mcpu=v2 or -mcpu=v1.',
  },
  {
    name: 'stack-size',
    match: /combined stack size of|stack size(?: of subprog)? \d+.*too large/i,
    hint: 'Functions that call each other share 512 bytes of stack. Keep large data in a map (a per-CPU array with one entry), or inline less.',
  },
  {
    name: 'call-depth',
    match: /call stack of \d+ frames is too deep|recursive call/,
    hint: 'Calls go at most 8 functions deep, and a function may not call itself without an end.',
  },
  {
    name: 'return-range',
    match: /At (?:program|callback|async callback|subprogram) exit the register R0/,
    hint: 'Programs of this type may only return certain values; the verifier names them. Other values, also unknown ones, have to be turned into these before the return.',
  },
  {
    name: 'return-not-number',
    match: /R0 not a scalar value|exit the register R0 is not a known value/,
    hint: 'The program or function has to return a number, not a pointer.',
  },
  {
    name: 'packet-instruction',
    match: /BPF_LD_\[ABS\|IND\]|LD_ABS/,
    hint: 'Packet loads by special instruction are for socket filters and tc programs. Others read the packet through data and data_end, or with bpf_skb_load_bytes() or bpf_xdp_load_bytes().',
  },
  {
    name: 'attach-target',
    match: /attach_btf_id \d+|Attach type .* is not|doesn't match attach|FENTRY|Cannot replace|is not traceable|noreturn function/,
    hint: 'The program does not fit what it is to be attached to. Check the name behind the slash of its section, and the arguments of the function.',
  },
  {
    // check_btf_func(): subprograms are what calls lead to, and since 5.13 what ld_imm64 gives the address of.
    name: 'functions-unknown',
    match: /number of funcs in func_info doesn't match/,
    hint: 'Kernels before 5.13 know no functions that are given to helpers (bpf_for_each_map_elem, bpf_loop, bpf_timer_set_callback). On newer ones the debug information does not agree with the instructions: compile the object anew with -g.',
  },
  {
    name: 'debug-info',
    match: /func_info|line_info|missing btf/i,
    hint: 'The debug information of the object does not agree with its instructions. Compile it anew with -g, and strip it only with `llvm-strip -g`.',
  },
  {
    name: 'needs-jit',
    match: /non-JITed programs|JIT is required|JIT does ?n[o']t support/,
    hint: "This needs the kernel's JIT compiler: sysctl net.core.bpf_jit_enable=1, and an architecture whose compiler can do it.",
  },
  {
    name: 'kernel-bug',
    match: /verifier (?:internal error|bug)|misconfigured|internal bug|^BUG /i,
    hint: 'The verifier stopped over itself, not over the program. A newer kernel may have the fix; otherwise it is worth a report to bpf@vger.kernel.org.',
  },
];
