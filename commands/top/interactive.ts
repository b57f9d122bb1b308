import { ActivitySampler } from '../../src/program/run-stats.js';
import { ClosedPipe } from '../print/sink.js';
import { painter } from '../print/terminal.js';
import { onStop } from '../signals.js';
import { ratesOf, type SortKey } from './activity.js';
import { detailOf } from './detail.js';
import { Screen } from './screen.js';
import { cursor, firstState, type TopState, withKey, withSample } from './state.js';
import { type Detail, view } from './view.js';

/** What was asked for. Times in milliseconds. */
export interface TopRequest {
  readonly sort: SortKey;
  readonly filter: string;
  readonly interval: number;
  readonly time: number | undefined;
}

/** Shows programs on the whole terminal until q, Ctrl-C, a signal, or the end of the time. */
export async function interactive(request: TopRequest, color: boolean): Promise<void> {
  using sampler = new ActivitySampler();
  await new Promise<void>((resolve, reject) => {
    new Top(sampler, request, color, resolve, reject).begin();
  });
}

class Top {
  #state: TopState;
  #detail: { readonly id: number; readonly text: Detail } | undefined;
  readonly #screen: Screen;
  readonly #ending: Disposable[];
  readonly #paint;

  constructor(
    readonly sampler: ActivitySampler,
    { sort, filter, interval, time }: TopRequest,
    color: boolean,
    readonly resolve: () => void,
    readonly reject: (error: unknown) => void,
  ) {
    this.#state = firstState(sort, filter);
    this.#paint = painter({ color });
    this.#screen = new Screen(process.stdout, process.stdin, {
      key: (key) => this.#do(() => this.#key(key)),
      resized: () => this.#do(() => {}),
      gone: () => this.#gone(),
    });
    const timer = setInterval(() => this.#do(() => this.#sample()), interval);
    const end = time === undefined ? undefined : setTimeout(() => this.#end(resolve), time);
    this.#ending = [
      this.#screen,
      onStop(() => this.#end(resolve)),
      {
        [Symbol.dispose]: () => {
          clearInterval(timer);
          clearTimeout(end);
        },
      },
    ];
  }

  begin(): void {
    this.#do(() => this.#sample());
  }

  /** Does a thing and draws; an error in it ends all, with the terminal as it was. */
  #do(action: () => void): void {
    try {
      action();
      if (this.#state.over) this.#end(this.resolve);
      else this.#draw();
    } catch (error) {
      this.#end(() => this.reject(error));
    }
  }

  #draw(): void {
    const lines = view(this.#state, this.#screen.size, this.#paint, this.#detail?.text);
    try {
      this.#screen.draw(lines);
    } catch {
      this.#gone();
    }
  }

  #gone(): void {
    // As a reader who has gone: there is nobody to tell.
    this.#end(() => this.reject(new ClosedPipe('the terminal has gone')));
  }

  #sample(): void {
    this.#state = withSample(this.#state, ratesOf(this.sampler.sample(), this.#state.sort));
  }

  #key(key: string): void {
    // Of a terminal that gives keys one by one this is all that is left of it; it is meant for all processes of the pipeline.
    if (key === 'ctrl-z') return void process.kill(0, 'SIGTSTP');
    this.#state = withKey(this.#state, key);
    const id = this.#state.detail ? cursor(this.#state) : undefined;
    if (id !== this.#detail?.id) this.#detail = id === undefined ? undefined : { id, text: detailOf(id) };
  }

  #end(then: () => void): void {
    for (const each of this.#ending.splice(0)) each[Symbol.dispose]();
    then();
  }
}
