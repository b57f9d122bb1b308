// Loading by a loader program: the object's commands are given by a program in the kernel, which can be signed as a whole.
import { objGetInfo, progLoad } from '../../native/bpf.js';
import { isErrno, SyscallError } from '../../native/error.js';
import { Fd } from '../../native/fd.js';
import { addKey, Keyring, unlinkKey } from '../../native/keys.js';
import { addressOf, cText } from '../../native/memory.js';
import { MAP_INFO } from '../../native/uapi.js';
import { cString } from '../bytes/text.js';
import { UsageError, VerifierError } from '../errors.js';
import { type LightLoader, lightLoader } from '../gen/light/loader.js';
import { type Seal, type Signer, sha256 } from '../gen/signature/signer.js';
import { MapType, ProgType } from '../kernel/enums.gen.js';
import { type Reasons, refused } from '../link/attempt.js';
import { BpfMap } from '../map/map.js';
import type { ObjectSpec } from '../object/spec.js';
import { Program } from '../program/program.js';
import { LoadedObject } from './loaded-object.js';
import { forNewestKernel } from './newest-kernel.js';
import type { LoadOptions } from './options.js';

/** How an object is loaded by a loader program. */
export interface LightLoadOptions extends Pick<LoadOptions, 'only' | 'logLevel' | 'onLog'> {
  /** Signs the loader; the kernel checks that, by the certificate, which is in a keyring of this process meanwhile. Since 6.18. */
  readonly signer?: Signer | undefined;
}

/** Names as bpftool gives them. */
const [MAP_NAME, PROGRAM_NAME] = ['__loader.map', '__loader.prog'];
const LOG_SIZE = 0xff_ffff;
const BPF_F_SLEEPABLE = 1 << 4;
// struct bpf_loader_ctx, then a struct bpf_map_desc for each map, a struct bpf_prog_desc for each program (bpf/skel_internal.h).
const CONTEXT = { size: 24, log_level: 8, log_size: 12, log_buf: 16, map: 16, program: 4 } as const;

/**
 * Loads an object by a program that is made for it: types, maps with their contents and programs, CO-RE done by the kernel. Nothing is attached or pinned.
 * Since 5.14.
 *
 * @throws UsageError when there is something in the object that a loader cannot do; VerifierError when one of its programs is refused; Error with the
 * SyscallError as cause for what else the kernel refuses, the signature included
 */
export function loadLight(spec: ObjectSpec, options: LightLoadOptions = {}): LoadedObject {
  const { spec: filled } = forNewestKernel(chosen(spec, options));
  if (!options.signer) return runLoader(new LoaderRun(filled, lightLoader(filled)), options);
  try {
    return runLoader(new LoaderRun(filled, lightLoader(filled, { fixed: true }), options.signer, true), options);
  } catch (error) {
    // Where the kernel looks at a given map before it has hashed the program, the map is not the program's: it gets to it by itself then.
    if (!(error instanceof Error) || !isErrno(error.cause, 'EACCES') || error instanceof VerifierError) throw error;
    return runLoader(new LoaderRun(filled, lightLoader(filled, { fixed: true, hash: sha256 }), options.signer), options);
  }
}

function runLoader(run: LoaderRun, options: LightLoadOptions): LoadedObject {
  const first = run.attempt(options.logLevel ?? 0);
  if (first.status >= 0) {
    if (options.logLevel) options.onLog?.(run.spec.name, first.log);
    return run.takeLoaded();
  }
  const { log } = options.logLevel ? first : run.attempt(1);
  throw run.failure(-first.status, log);
}

function chosen(spec: ObjectSpec, { only }: LightLoadOptions): ObjectSpec {
  if (!only) return spec;
  const missing = only.find((name) => !spec.programs.some((program) => program.name === name));
  if (missing !== undefined) throw new UsageError(`object ${spec.name} has no program ${missing}`);
  return { ...spec, programs: spec.programs.map((program) => ({ ...program, autoload: only.includes(program.name) })) };
}

/** The runs of a loader, and what the last one left in its data and context. */
class LoaderRun {
  readonly #programs: ObjectSpec['programs'];
  readonly #seal: Seal | undefined;
  readonly #context: Uint8Array;
  #data: Uint8Array;

  constructor(
    readonly spec: ObjectSpec,
    readonly loader: LightLoader,
    readonly signer?: Signer,
    /** Whether the kernel is given the map of the data for the program, and so checks that it is the one it was signed with. */
    readonly givesMap = false,
  ) {
    this.#programs = spec.programs.filter(({ autoload }) => autoload);
    this.#seal = signer?.seal(loader.instructions);
    this.#context = new Uint8Array(CONTEXT.size + spec.maps.length * CONTEXT.map + this.#programs.length * CONTEXT.program);
    this.#data = loader.data;
  }

  /** Loads the loader and runs it once. `status` is what it gave: from 0 up, or minus an errno. */
  attempt(logLevel: number): { readonly status: number; readonly log: string } {
    const log = new Uint8Array(logLevel === 0 ? 0 : LOG_SIZE);
    this.#prepare(logLevel, log);
    using map = this.#makeMap();
    using program = this.#loadLoader(map);
    const { returnValue } = program.testRun({ context: this.#context });
    this.#data = map.lookup(new Uint8Array(4)) ?? this.loader.data;
    return { status: returnValue | 0, log: cString(log) };
  }

  /** Handles of what was loaded. */
  takeLoaded(): LoadedObject {
    const view = this.#view;
    const { maps } = this.spec;
    const programs = CONTEXT.size + maps.length * CONTEXT.map;
    const descriptors = [
      ...maps.map((_, i) => view.getInt32(CONTEXT.size + i * CONTEXT.map, true)),
      ...this.#programs.map((_, i) => view.getInt32(programs + i * CONTEXT.program, true)),
    ].map((number) => new Fd(number));
    return new LoadedObject(
      this.spec,
      this.#programs.map((spec, i) => ({
        spec,
        type: spec.type,
        attachType: spec.attachType,
        program: new Program(descriptors[maps.length + i]!),
      })),
      maps.map((spec, i) => ({ spec, map: new BpfMap(descriptors[i]!), reused: false, pinnedAt: undefined, structOps: undefined })),
      [],
    );
  }

  /** Says what the loader had come to: what it began leaves its mark in its data. */
  failure(errno: number, log: string): Error {
    const { maps, programs } = this.loader.marks;
    const error = new SyscallError('bpf', errno);
    const begun = programs.filter((place) => this.#isMarked(place, 8)).length;
    if (begun === 0) {
      const made = maps.filter((place) => this.#isMarked(place, 4)).length;
      const what = made < maps.length ? `create map ${this.spec.maps[made]!.name}` : 'fill maps';
      return new Error(`${what}, by the loader program of ${this.spec.name}`, { cause: error });
    }
    const { name } = this.#programs[begun - 1]!;
    // The log of types comes first, and is all there is when no program was looked at.
    if (log === '' || log.startsWith('magic: ')) return new Error(`load program ${name}, by a loader program`, { cause: error });
    return new VerifierError(`load program ${name}: the verifier refuses it`, name, log, { cause: error });
  }

  get #view(): DataView {
    return new DataView(this.#context.buffer);
  }

  #prepare(logLevel: number, log: Uint8Array): void {
    this.#context.fill(0);
    this.#view.setUint32(0, this.#context.length, true);
    if (logLevel === 0) return;
    this.#view.setUint32(CONTEXT.log_level, logLevel, true);
    this.#view.setUint32(CONTEXT.log_size, log.length, true);
    this.#view.setBigUint64(CONTEXT.log_buf, BigInt(addressOf(log)), true);
  }

  #makeMap(): BpfMap {
    const { data } = this.loader;
    const map = BpfMap.create({
      type: MapType.ARRAY,
      name: MAP_NAME,
      keySize: 4,
      valueSize: data.length,
      maxEntries: 1,
      ...(this.#seal && { exclusiveProgramHash: this.#seal.hash }),
    });
    try {
      map.update(new Uint8Array(4), data);
      map.freeze();
      // Asking for the hash has it made, for the program to look at.
      if (this.#seal && !this.givesMap) objGetInfo(map.fd, MAP_INFO, { hash: new Uint8Array(32), hash_size: 32 });
      return map;
    } catch (error) {
      map[Symbol.dispose]();
      throw error;
    }
  }

  #loadLoader(map: BpfMap): Program {
    const { instructions } = this.loader;
    const load = (signature: object) =>
      new Program(
        progLoad({
          prog_type: ProgType.SYSCALL,
          prog_flags: BPF_F_SLEEPABLE,
          prog_name: PROGRAM_NAME,
          insns: instructions,
          insn_cnt: instructions.length / 8,
          license: cText('Dual BSD/GPL'),
          fd_array: new Uint8Array(Int32Array.of(map.fd).buffer),
          ...signature,
        }),
      );
    const what = `load the loader program of ${this.spec.name}`;
    try {
      return this.#seal ? withKey(this.signer!.certificate, (keyring) => load(this.#signature(this.#seal!, keyring))) : load({});
    } catch (error) {
      throw refused(what, error, this.#seal ? NOT_SIGNED : {}, this.#seal ? '6.18' : '5.14');
    }
  }

  #signature({ signature }: Seal, keyring: number) {
    return { signature, signature_size: signature.length, keyring_id: keyring, ...(this.givesMap && { fd_array_cnt: 1 }) };
  }

  #isMarked(place: number, size: number): boolean {
    return this.#data.subarray(place, place + size).some((byte) => byte !== 0);
  }
}

/** Lets the kernel know a certificate for as long as something is done: in the keyring of this process, which nobody else sees. */
function withKey<T>(certificate: Uint8Array, use: (keyring: number) => T): T {
  const key = addKey('asymmetric', 'bpf-ts', certificate, Keyring.PROCESS);
  try {
    return use(Keyring.PROCESS);
  } finally {
    unlinkKey(key, Keyring.PROCESS);
  }
}

const NOT_SIGNED: Reasons = {
  EKEYREJECTED: 'the kernel finds that the signature is not right',
  ENOKEY: 'the kernel does not find the key of the signature',
  ENOPKG: 'the kernel lacks what it takes to check signatures of this kind',
  EBADMSG: 'the kernel cannot read the certificate',
  EOPNOTSUPP: 'this kernel was built without checking signatures (CONFIG_SYSTEM_DATA_VERIFICATION)',
};
