import { hex } from '../../src/bytes/text.js';
import type { RecordDecoder } from '../../src/events/record-decoder.js';
import { fieldsText } from '../../src/format/fields.js';
import type { Elements } from '../print/elements.js';

/** What a line of a program begins with, and what its object in JSON begins with. */
export interface Source {
  readonly label: string;
  readonly fields: object;
}

/** Puts into words what comes from programs, counts it, and keeps the text until it is taken. */
export class EventWriter {
  events = 0;
  lost = 0n;
  #text = '';

  constructor(
    readonly elements: Elements,
    /** No more events are wanted than these. */
    readonly limit = Number.POSITIVE_INFINITY,
  ) {}

  /** How many more events are wanted. */
  get left(): number {
    return this.limit - this.events;
  }

  /** Characters that wait to be taken. */
  get waiting(): number {
    return this.#text.length;
  }

  /** A record of a buffer, by its type, or as bytes where that is not known or not wanted. */
  record({ label, fields }: Source, bytes: Uint8Array, decoder: RecordDecoder | undefined): void {
    this.events += 1;
    const event = decoder?.decode(bytes);
    if (event) {
      const line = () => `${label}${fieldsText(event.value)}\n`;
      this.#text += this.elements.add(line, () => ({ ...fields, type: event.type, event: event.value }));
    } else {
      this.#text += this.elements.add(
        () => `${label}${hex(bytes, ' ')}\n`,
        () => ({ ...fields, bytes: hex(bytes) }),
      );
    }
  }

  /** So many records did not fit a buffer. */
  loss({ label, fields }: Source, count: bigint): void {
    this.lost += count;
    this.#text += this.elements.add(
      () => `${label}lost ${count} events\n`,
      () => ({ ...fields, lost: count }),
    );
  }

  /** A line that a program printed; `name` is its field in JSON. */
  line({ label, fields }: Source, name: string, text: string): void {
    const bare = text.endsWith('\n') ? text.slice(0, -1) : text;
    this.#text += this.elements.add(
      () => `${label}${bare}\n`,
      () => ({ ...fields, [name]: bare }),
    );
  }

  /** The text since the last call; undefined when there is none. */
  take(): Uint8Array | undefined {
    if (this.#text === '') return undefined;
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    return bytes;
  }
}
