// Programs, maps and elements that come and go, for tools that look on at them.
import { MapType } from '../../src/kernel/enums.gen.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { BpfMap } from '../../src/map/map.js';
import { loadTestObject } from '../support/live.js';
import { runSome, type Workload } from './workload.js';

/** So many of what comes is there at a time; then the oldest goes. */
const KEPT = 8;

/** Programs that come, run, and go, for who looks on at them; nobody is asked to tell each. */
export class Changing implements Workload {
  readonly #there: LoadedObject[] = [];
  #printed = 0;
  made = 0;

  constructor(
    readonly args: readonly string[],
    readonly terminal: boolean,
  ) {}

  take(chunk: Buffer): void {
    this.#printed += chunk.length;
  }

  make(count: number): void {
    for (let i = 0; i < count; i++) {
      const object = loadTestObject('endurance', { only: ['say_perf'] });
      runSome(object.program('say_perf')!, 100);
      this.#there.push(object);
      if (this.#there.length > KEPT) this.#there.shift()![Symbol.dispose]();
      this.made += 1;
    }
  }

  ready(): boolean {
    return this.#printed > 0 || !this.terminal;
  }

  get missing(): number {
    return this.#printed > 0 ? 0 : 1;
  }

  get account(): string {
    return `${this.#printed} bytes drawn`;
  }

  [Symbol.dispose](): void {
    for (const object of this.#there) object[Symbol.dispose]();
  }
}

/** `watch` of maps that come and go. Each has to be told, or be among those that came and went unseen. */
export class Watched implements Workload {
  readonly args = ['watch', 'map', '--interval', '20ms'];
  readonly terminal = false;
  readonly #there: BpfMap[] = [];
  /** Not yet told as having come, or told so and not yet as having gone. */
  readonly #open = new Map<number, 'new' | 'came'>();
  /** Comes and goes until the tool tells something. */
  #sign: BpfMap | undefined;
  #looksOn = false;
  #rest = '';
  #told = 0;
  #unseen = 0;
  made = 0;

  take(chunk: Buffer): void {
    this.#looksOn = true;
    const lines = (this.#rest + chunk.toString('latin1')).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.#line(line.split(' '));
  }

  #line([, change, , first, word, last]: string[]): void {
    if (change === '?') for (let id = Number(first); id <= Number(word === 'to' ? last : first); id++) this.#settle(id, 'unseen');
    else this.#settle(Number(first), change === '+' ? 'came' : 'went');
  }

  #settle(id: number, what: 'came' | 'went' | 'unseen'): void {
    const before = this.#open.get(id);
    if (before === undefined) return;
    if (what === 'came' && before === 'new') this.#open.set(id, 'came');
    else if (what === 'went' && before === 'came') {
      this.#open.delete(id);
      this.#told += 1;
    } else if (what === 'unseen' && before === 'new') {
      this.#open.delete(id);
      this.#unseen += 1;
    }
  }

  make(count: number): void {
    for (let i = 0; i < count; i++) {
      const map = oneMap();
      this.#open.set(map.id, 'new');
      this.#there.push(map);
      if (this.#there.length > KEPT) this.#there.shift()![Symbol.dispose]();
      this.made += 1;
    }
  }

  /** It says nothing of its first look, but of what comes after it. */
  ready(): boolean {
    this.#sign?.[Symbol.dispose]();
    this.#sign = this.#looksOn ? undefined : oneMap();
    return this.#looksOn;
  }

  /** What is still there at the end goes first. */
  get missing(): number {
    for (const map of this.#there.splice(0)) map[Symbol.dispose]();
    return this.#open.size;
  }

  get account(): string {
    return `${this.#told} told as they came and went, ${this.#unseen} counted as unseen`;
  }

  [Symbol.dispose](): void {
    this.#sign?.[Symbol.dispose]();
    for (const map of this.#there) map[Symbol.dispose]();
  }
}

function oneMap(): BpfMap {
  return BpfMap.create({ type: MapType.ARRAY, keySize: 4, valueSize: 4, maxEntries: 1, name: 'endured' });
}

/** `map watch` of a map whose elements change. */
export class ChangingMap implements Workload {
  readonly #map = BpfMap.create({ type: MapType.HASH, keySize: 4, valueSize: 8, maxEntries: 256, name: 'endured' });
  readonly args = ['map', 'watch', 'id', String(this.#map.id)];
  readonly terminal = false;
  readonly #key = new Uint32Array(1);
  readonly #value = new BigUint64Array(1);
  #printed = 0;
  made = 0;

  take(chunk: Buffer): void {
    this.#printed += chunk.length;
  }

  make(count: number): void {
    for (let i = 0; i < count; i++) {
      this.#key[0] = (this.made * 7) % 256;
      this.#value[0] = BigInt(this.made);
      this.#map.update(new Uint8Array(this.#key.buffer), new Uint8Array(this.#value.buffer));
      this.made += 1;
    }
  }

  ready(): boolean {
    return true;
  }

  get missing(): number {
    return this.#printed > 0 ? 0 : 1;
  }

  get account(): string {
    return `${this.#printed} bytes printed`;
  }

  [Symbol.dispose](): void {
    this.#map[Symbol.dispose]();
  }
}
