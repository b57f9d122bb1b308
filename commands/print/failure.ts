import type { Capability } from '../../src/system/privileges.js';

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

/** Errors of what asks for more than its call tells. */
const NEEDS = new WeakMap<Error, readonly Capability[]>();

/** Notes which capabilities the thing that failed with this error asks for. */
export function noteNeeds(error: Error, needs: readonly Capability[]): void {
  NEEDS.set(error, needs);
}

/** What {@link noteNeeds} noted of an error. */
export function needsOf(error: Error): readonly Capability[] | undefined {
  return NEEDS.get(error);
}
