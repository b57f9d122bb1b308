/** Reads and writes the values of one type at places of larger bytes. What it writes to is zero before. */
export interface Coder {
  /** In bytes. */
  readonly size: number;
  /** How many scalars a value has at most: what reading one costs. */
  readonly leaves: number;
  read(view: DataView, offset: number): unknown;
  /** @throws Misfit when the value is none of the type */
  write(view: DataView, offset: number, value: unknown): void;
}

/** A value that does not fit its type. The path to it is put together on the way out. */
export class Misfit extends Error {
  path = '';

  constructor(readonly reason: string) {
    super(reason);
  }
}

/** Runs a write; when it fails, says that it was the one at `step` (such as `.port` or `[3]`). */
export function at(step: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (error instanceof Misfit) error.path = step + error.path;
    throw error;
  }
}

/** A value as it is quoted in errors. */
export function quote(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  return String(value);
}
