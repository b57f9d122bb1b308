/** The caller asked for something that makes no sense: a wrong argument, not a refusal by the kernel. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** How the command is to be used, filled in by what knows the command. */
  usage?: string;
}

/**
 * This kernel lacks a feature. `since` is the first kernel that has it, such as `6.6`; `config` the option, without CONFIG_, that a kernel which is new enough
 * was built without.
 */
export class NotSupportedError extends Error {
  override readonly name = 'NotSupportedError';

  constructor(
    readonly feature: string,
    readonly since: string | undefined,
    running: string,
    options?: ErrorOptions & { readonly config?: string | undefined },
  ) {
    const why = since ? `needs ${since}, ` : options?.config ? `built without CONFIG_${options.config}, ` : '';
    super(`${feature}: not supported by this kernel (${why}this is ${running})`, options);
  }
}

/** The kernel refused, in words for the case: they say why, so that no guess is needed. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    message: string,
    readonly errno: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The verifier refused a program; `log` is the end of what it said, with the reason, or all of it when a log was asked for (`logLevel`). */
export class VerifierError extends Error {
  override readonly name = 'VerifierError';

  constructor(
    message: string,
    readonly program: string,
    readonly log: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
