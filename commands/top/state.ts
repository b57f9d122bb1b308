import { isMeant, type Rates, SORT_KEYS, SORTS, type SortKey } from './activity.js';

/** Samples that are kept for each program: what a detail view can show. */
const KEPT = 120;

/** A sample of one program, as far as its course is shown. */
export interface Moment {
  readonly cpu: number;
  readonly rate: number;
}

/** What the screen shows. Keys and samples change it; the view is drawn from it. */
export interface TopState {
  readonly programs: readonly Rates[];
  readonly sort: SortKey;
  /** What programs have to match. */
  readonly filter: string;
  /** Whether keys go into the filter. */
  readonly typing: boolean;
  /** The id of the program that the cursor is on. */
  readonly chosen: number | undefined;
  /** Whether the chosen program is shown by itself. */
  readonly detail: boolean;
  readonly courses: ReadonlyMap<number, readonly Moment[]>;
  readonly over: boolean;
}

export function firstState(sort: SortKey, filter: string): TopState {
  return { programs: [], sort, filter, typing: false, chosen: undefined, detail: false, courses: new Map(), over: false };
}

/** The programs that are shown, in order. */
export function shown({ programs, filter }: TopState): readonly Rates[] {
  return programs.filter((each) => isMeant(each, filter));
}

/** The state with a new sample. */
export function withSample(state: TopState, programs: readonly Rates[]): TopState {
  const courses = new Map(programs.map(({ id, cpu, rate }) => [id, [...(state.courses.get(id) ?? []), { cpu, rate }].slice(-KEPT)]));
  return { ...state, programs, courses };
}

/** The state after a key, by its name: `up`, `enter`, `q`. */
export function withKey(state: TopState, key: string): TopState {
  if (key === 'ctrl-c') return { ...state, over: true };
  if (state.typing) return typed(state, key);
  return KEYS[key]?.(state) ?? state;
}

function typed(state: TopState, key: string): TopState {
  if (key === 'enter') return { ...state, typing: false };
  if (key === 'escape') return { ...state, typing: false, filter: '' };
  if (key === 'backspace') return { ...state, filter: state.filter.slice(0, -1) };
  return [...key].length === 1 ? { ...state, filter: state.filter + key } : state;
}

const KEYS: Readonly<Record<string, (state: TopState) => TopState>> = {
  q: (state) => (state.detail ? { ...state, detail: false } : { ...state, over: true }),
  escape: (state) => (state.detail ? { ...state, detail: false } : { ...state, filter: '' }),
  s: (state) => sorted(state, SORT_KEYS[(SORT_KEYS.indexOf(state.sort) + 1) % SORT_KEYS.length]!),
  '/': (state) => ({ ...state, typing: true, detail: false }),
  enter: (state) => ({ ...state, detail: shown(state).length > 0, chosen: cursor(state) }),
  up: (state) => moved(state, -1),
  k: (state) => moved(state, -1),
  down: (state) => moved(state, 1),
  j: (state) => moved(state, 1),
  pageup: (state) => moved(state, -10),
  pagedown: (state) => moved(state, 10),
};

function sorted(state: TopState, sort: SortKey): TopState {
  return { ...state, sort, programs: [...state.programs].sort((a, b) => SORTS[sort](a, b) || a.id - b.id) };
}

/** The id that the cursor is on: the chosen one, or the first when that is not shown. */
export function cursor(state: TopState): number | undefined {
  const rows = shown(state);
  return (rows.find(({ id }) => id === state.chosen) ?? rows[0])?.id;
}

function moved(state: TopState, by: number): TopState {
  const rows = shown(state);
  const at = rows.findIndex(({ id }) => id === cursor(state));
  return { ...state, chosen: rows[Math.max(0, Math.min(rows.length - 1, at + by))]?.id };
}
