import type { Btf } from '../btf/btf.js';
import { type Codec, codecOf } from '../btf/codec.js';
import { decodeEvent } from './event-stream.js';

/** A record by its type. */
export interface DecodedEvent {
  /** The C name of the type, without `struct`. */
  readonly type: string;
  readonly value: unknown;
}

/** Records of perf events are padded, those of ring buffers are not. */
const PADDING = 7;

interface Candidate {
  readonly type: string;
  readonly codec: Codec;
}

/**
 * Reads records of a buffer that carries one type, or one of several: then their sizes have to tell them apart.
 *
 * @throws ParseError when a type has no values
 */
export class RecordDecoder {
  readonly #candidates: readonly Candidate[];
  readonly #bySize = new Map<number, Candidate | undefined>();

  constructor(btf: Btf, types: readonly number[]) {
    this.#candidates = types.map((id) => ({ type: btf.name(id), codec: codecOf(btf, id, btf.name(id)) }));
  }

  /** The names of the types that records may have. */
  get types(): readonly string[] {
    return this.#candidates.map(({ type }) => type);
  }

  /** Undefined when no type, or more than one, fits. */
  decode(record: Uint8Array): DecodedEvent | undefined {
    const found = this.#find(record.length);
    return found && { type: found.type, value: decodeEvent(found.codec, record) };
  }

  #find(length: number): Candidate | undefined {
    if (this.#candidates.length === 1) return this.#candidates[0];
    if (!this.#bySize.has(length)) this.#bySize.set(length, this.#fitting(length));
    return this.#bySize.get(length);
  }

  #fitting(length: number): Candidate | undefined {
    const exact = this.#candidates.filter(({ codec }) => codec.size === length);
    if (exact.length > 0) return exact.length === 1 ? exact[0] : undefined;
    const padded = this.#candidates.filter(({ codec }) => codec.size < length && codec.size + PADDING >= length);
    return padded.length === 1 ? padded[0] : undefined;
  }
}
