import type { Btf } from './btf.js';
import { idsByRank, sortedIds } from './c-order.js';
import { CPrinter } from './c-print.js';
import type { FlatTypes } from './flat.js';
import { DECL_TAG, FUNC } from './kind-numbers.js';
import { countedUp } from './stable-sort.js';

/** A little less than a pipe holds, so that a write need not wait for its reader. */
const CHUNK = 60_000;
/** The component of a tag that is none of its type's. */
const WHOLE_TYPE = 0xffffffff;

const OPENING = `#ifndef __VMLINUX_H__
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

`;

const CLOSING = `#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute pop
#endif

#endif /* __VMLINUX_H__ */
`;

export interface COptions {
  /** Only these types and what they need. */
  readonly roots?: readonly number[] | undefined;
  /** In the order of their ids rather than by name. */
  readonly unsorted?: boolean | undefined;
}

/**
 * The types as a C header, byte for byte as `bpftool btf dump ... format c` prints it: the `vmlinux.h` that programs include. Given in chunks of
 * UTF-8; each holds until the next one is asked for.
 *
 * @throws ParseError when types are malformed, or nest without end
 */
export function* headerOf(btf: Btf, { roots, unsorted = false }: COptions = {}): Generator<Uint8Array> {
  const printer = new CPrinter(btf);
  const encoder = new TextEncoder();
  yield encoder.encode(OPENING);
  for (const ids of roots ? [Uint32Array.from(roots)] : idsOf(printer, unsorted))
    for (let i = 0; i < ids.length; i++) if (printer.define(ids[i]!) >= CHUNK) yield printer.takeBytes();
  yield printer.takeBytes();
  yield encoder.encode(`${roots ? '' : kernelFunctions(printer)}${CLOSING}`);
}

/**
 * All types, some at a time. Of those that come last most print nothing, since all that they are made of is there by then. That is asked once it is, and only
 * the rest is sorted.
 *
 * bpftool sorts void among the others and then leaves out the first, as if that were void. What is printed is to be what it prints.
 */
function* idsOf(printer: CPrinter, unsorted: boolean): Generator<Uint32Array> {
  const { flat, limits } = printer;
  if (unsorted) return yield countedUp(flat.count).subarray(1);
  const { ranked, last } = idsByRank(flat);
  yield sortedIds(flat, ranked.length > 0 ? ranked : last, limits).subarray(1);
  if (ranked.length > 0) yield sortedIds(flat, printer.printable(last), limits);
}

/** Declarations of the functions that the kernel tags as callable from BPF, by name. */
function kernelFunctions(printer: CPrinter): string {
  const { flat } = printer;
  const { kfuncs, fastcalls } = taggedFunctions(flat);
  const lines = kfuncs
    .map((id) => ({ id, name: flat.text(id) }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map(({ id, name }) => {
      const fastcall = fastcalls.has(id) ? '__bpf_fastcall ' : '';
      return `extern ${fastcall}${printer.declaration(flat.target(id), name)} __weak __ksym;\n`;
    });
  return `\n/* BPF kfuncs */\n#ifndef BPF_NO_KFUNC_PROTOTYPES\n${lines.join('')}#endif\n\n`;
}

function taggedFunctions(flat: FlatTypes): { kfuncs: number[]; fastcalls: Set<number> } {
  const kfuncs: number[] = [];
  const fastcalls = new Set<number>();
  // Few types are tags: to look for them is machine code.
  for (let id = flat.kinds.indexOf(DECL_TAG); id >= 0; id = flat.kinds.indexOf(DECL_TAG, id + 1)) {
    const type = flat.target(id);
    if (flat.words[flat.tail(id)] !== WHOLE_TYPE || flat.kind(type) !== FUNC) continue;
    const tag = flat.text(id);
    if (tag === 'bpf_kfunc') kfuncs.push(type);
    if (tag === 'bpf_fastcall') fastcalls.add(type);
  }
  return { kfuncs, fastcalls };
}
