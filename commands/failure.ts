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
