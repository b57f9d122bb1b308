const NUMBERS = 1 << 27;

/** Counts what a tool printed: lines that tell of an event, and the sums of those that tell of losses. */
export class LineCounter {
  told = 0;
  lost = 0;
  /** Events that were told before. */
  twice = 0;
  readonly #seen = new Uint8Array(NUMBERS / 8);
  #rest = '';

  /** Both patterns with the flag `g` and a number as their group: the event's, and how many are lost. */
  constructor(
    readonly event: RegExp,
    readonly loss: RegExp,
  ) {}

  take(chunk: Buffer): void {
    const text = this.#rest + chunk.toString('latin1');
    const end = text.lastIndexOf('\n') + 1;
    this.#rest = text.slice(end);
    const lines = text.slice(0, end);
    for (const [, number] of lines.matchAll(this.event)) this.#event(Number(number));
    for (const [, count] of lines.matchAll(this.loss)) this.lost += Number(count);
  }

  #event(number: number): void {
    this.told += 1;
    const [index, bit] = [(number % NUMBERS) >> 3, 1 << (number & 7)];
    if ((this.#seen[index]! & bit) !== 0) this.twice += 1;
    this.#seen[index]! |= bit;
  }
}
