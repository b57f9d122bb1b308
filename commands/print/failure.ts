import type { Need } from '../../src/system/privileges.js';

/** An error that ends with a status other than the usual 255, or that has lines to print below its sentence. */
export class Failure extends Error {
  override readonly name = 'Failure';

  constructor(
    message: string,
    readonly more: { readonly exitCode?: number; readonly detail?: string } = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Errors that end with a status of their own. */
const STATUS = new WeakMap<object, number>();

/** Notes the status that an error ends with. The last one noted counts; undefined changes nothing. */
export function noteStatus(error: unknown, status: number | undefined): void {
  if (typeof error === 'object' && error !== null && status !== undefined) STATUS.set(error, status);
}

/** The status of a failure: what was noted of it, or what a {@link Failure} says. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  return STATUS.get(error) ?? (error instanceof Failure ? error.more.exitCode : undefined);
}

/** Errors of what asks for more than its call tells. */
const NEEDS = new WeakMap<Error, readonly Need[]>();

/** Notes which capabilities the thing that failed with this error asks for. */
export function noteNeeds(error: Error, needs: readonly Need[]): void {
  NEEDS.set(error, needs);
}

/** What {@link noteNeeds} noted of an error. */
export function needsOf(error: Error): readonly Need[] | undefined {
  return NEEDS.get(error);
}
