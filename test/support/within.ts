import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something is so; false when it is not within so many milliseconds. */
export async function within(milliseconds: number, check: () => boolean): Promise<boolean> {
  for (const end = Date.now() + milliseconds; Date.now() < end; await sleep(10)) if (check()) return true;
  return check();
}
