import { Instructions } from '../asm/instructions.js';
import type { Btf } from '../btf/btf.js';
import { ParseError } from '../bytes/cursor.js';
import type { CoreRelocation, FunctionSpec } from '../object/spec.js';
import { type Access, parseAccess } from './access.js';
import { findCandidates, type KernelTypes } from './candidates.js';
import type { TypeRef } from './compatible.js';
import { describeRelocation } from './describe.js';
import { CoreKind } from './kinds.js';
import { matchAccess } from './match.js';
import { type CoreResult, patchInstruction } from './patch.js';
import { type CoreValue, coreValue } from './value.js';

/** A function after its relocation against the kernel's types. */
export interface CoreFunction {
  /** A copy, patched; the function's own bytes when it has no relocations. */
  readonly instructions: Uint8Array;
  /** What could not be resolved, in words, by instruction: those were made invalid. */
  readonly unresolved: ReadonlyMap<number, string>;
}

/**
 * Resolves the CO-RE relocations of functions of one object against the kernel's types: what libbpf does in relo_core.c.
 *
 * @param kernel called once, when there is something to be found
 * @throws ParseError when a relocation is malformed, does not go with its instruction, or has more than one answer
 */
export function relocateCore(functions: readonly FunctionSpec[], local: Btf | undefined, kernel: () => KernelTypes): CoreFunction[] {
  const results = functions.map((fn) => {
    const instructions = fn.coreRelocations.length > 0 ? new Uint8Array(fn.instructions) : fn.instructions;
    return { fn, code: new Instructions(instructions), unresolved: new Map<number, string>() };
  });
  const work = results.flatMap((result) => result.fn.coreRelocations.map((relocation) => ({ ...result, relocation })));
  if (work.length > 0 && local) {
    const roots = new Set(work.map(({ relocation }) => relocation.typeId));
    const relocator = new CoreRelocator(local, () => prepare(kernel(), roots.size));
    work.sort((a, b) => a.relocation.order - b.relocation.order);
    for (const { fn, code, unresolved, relocation } of work) {
      const { instruction } = relocation;
      const fail = (reason: string): never => {
        throw new ParseError(`program ${fn.name}, relocation ${describeRelocation(local, relocation)}`, instruction * 8, reason);
      };
      if (instruction >= code.length || !Number.isInteger(instruction)) fail('there is no such instruction');
      const result = relocator.resolve(relocation, fail);
      if (!patchInstruction(code, instruction, result, fail)) unresolved.set(instruction, describeRelocation(local, relocation));
    }
  }
  return results.map(({ code, unresolved }) => ({ instructions: code.bytes, unresolved }));
}

/** From so many names on, an index of all the kernel's costs less than searching for each. */
const MANY_NAMES = 24;

function prepare(kernel: KernelTypes, names: number): KernelTypes {
  if (names > MANY_NAMES) kernel.btf.indexNames();
  return kernel;
}

/** Throws, saying which relocation of which program it was. */
type Fail = (reason: string) => never;

/** Resolves relocations of one object, one after the other: later ones profit from what earlier ones ruled out. */
export class CoreRelocator {
  readonly #candidates = new Map<number, TypeRef[]>();
  #kernel: KernelTypes | undefined;

  constructor(
    readonly local: Btf,
    readonly kernel: () => KernelTypes,
    /** Called with each path in the kernel's types that a relocation matched. */
    readonly onMatch: (target: Access, kind: number) => void = () => {},
  ) {}

  /** @throws ParseError as {@link relocateCore} */
  resolve(relocation: Pick<CoreRelocation, 'typeId' | 'kind' | 'access'>, fail: Fail): CoreResult {
    const { typeId, kind } = relocation;
    const access = parseAccess(this.local, typeId, kind, relocation.access);
    if (kind === CoreKind.TYPE_ID_LOCAL) return outcome(this.local, undefined, { value: BigInt(typeId), size: 0, typeId: 0, exact: false });
    if (this.local.name(typeId) === '') fail('anonymous types cannot be relocated');
    const candidates = this.#candidatesOf(typeId);
    const matching: TypeRef[] = [];
    let first: { access: Access; result: CoreResult } | undefined;
    for (const candidate of candidates) {
      const target = matchAccess(access, kind, candidate.btf, candidate.id);
      if (!target) continue;
      this.onMatch(target, kind);
      const result = resolveOne(kind, access, target);
      if (first) checkAgreement(first, { access: target, result }, fail);
      else first = { access: target, result };
      matching.push(candidate);
    }
    // What has the field of this relocation is what the next one on the type means too.
    if (matching.length > 0) this.#candidates.set(typeId, matching);
    return first?.result ?? resolveOne(kind, access, undefined);
  }

  #candidatesOf(typeId: number): TypeRef[] {
    const known = this.#candidates.get(typeId);
    if (known) return known;
    this.#kernel ??= this.kernel();
    const found = findCandidates(this.local, typeId, this.#kernel);
    this.#candidates.set(typeId, found);
    return found;
  }
}

function resolveOne(kind: number, local: Access, target: Access | undefined): CoreResult {
  const here = coreValue(kind, local);
  const there = coreValue(kind, target);
  if (!here || !there) return { poison: true, expected: undefined, value: 0n, localSize: 0, targetSize: 0, sizeMismatch: false };
  return outcome(local.btf, { here, target }, there);
}

function outcome(local: Btf, from: { here: CoreValue; target: Access | undefined } | undefined, there: CoreValue): CoreResult {
  const here = from?.here;
  return {
    poison: false,
    expected: here?.exact ? here.value : undefined,
    value: there.value,
    localSize: here?.size ?? 0,
    targetSize: there.size,
    sizeMismatch:
      from?.target !== undefined && from.here.size !== there.size && !canResize(local, from.here.typeId, from.target.btf, there.typeId),
  };
}

/**
 * Whether a load of another size gives the same value: of pointers (a 32-bit kernel's), and of integers without sign, which are zero-extended.
 */
function canResize(local: Btf, here: number, target: Btf, there: number): boolean {
  const a = local.type(here);
  const b = target.type(there);
  if (a.kind === 'PTR' && b.kind === 'PTR') return true;
  const SIGNED_ONLY = 1;
  return a.kind === 'INT' && b.kind === 'INT' && a.encoding !== SIGNED_ONLY && b.encoding !== SIGNED_ONLY;
}

interface Answer {
  readonly access: Access;
  readonly result: CoreResult;
}

/** Several types of the kernel have the name: they must all give the same, or it cannot be known which is meant. */
function checkAgreement(first: Answer, next: Answer, fail: Fail): void {
  const types = `by types ${first.access.rootId} and ${next.access.rootId} of the kernel`;
  if (first.access.bitOffset !== next.access.bitOffset) {
    fail(`ambiguous: bit offset ${first.access.bitOffset} or ${next.access.bitOffset} ${types}`);
  }
  if (first.result.poison !== next.result.poison || first.result.value !== next.result.value) {
    fail(`ambiguous: value ${first.result.value} or ${next.result.value} ${types}`);
  }
}
