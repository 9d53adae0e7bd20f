/** Whose promise was broken. Only `agent` may lower a score; `caller` is the person at the command line. */
export type Fault = "agent" | "environment" | "platform" | "caller";

/** Exit codes of the command line: 2 usage, 3 environment or set-up, 4 run failed, 5 verification failed. */
export type ExitCode = 2 | 3 | 4 | 5;

/** One entry of a catalogue: what happened, where, and what to do about it. */
export interface ErrorDefinition<Details> {
  readonly fault: Fault;
  readonly exitCode: ExitCode;
  /** What happened and why, naming the thing and the place. One sentence, no final full stop. */
  readonly message: (details: Details) => string;
  /** What to do next, as an imperative. */
  readonly remedy: (details: Details) => string;
}

const brand: unique symbol = Symbol.for("rebench.error");

/** Every error this project throws on purpose. Recognise it with {@link isRebenchError}, not `instanceof`. */
export class RebenchError extends Error {
  readonly code: string;
  readonly fault: Fault;
  readonly exitCode: ExitCode;
  readonly remedy: string;
  readonly [brand] = true;

  constructor(init: {
    code: string;
    fault: Fault;
    exitCode: ExitCode;
    message: string;
    remedy: string;
    cause?: unknown;
  }) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = "RebenchError";
    this.code = init.code;
    this.fault = init.fault;
    this.exitCode = init.exitCode;
    this.remedy = init.remedy;
  }
}

/** True for a {@link RebenchError} from any copy of this package. */
export function isRebenchError(value: unknown): value is RebenchError {
  return typeof value === "object" && value !== null && brand in value;
}

type ErrorFactories<Definitions> = {
  readonly [Code in keyof Definitions]: Definitions[Code] extends ErrorDefinition<infer Details>
    ? (details: Details, cause?: unknown) => RebenchError
    : never;
} & { readonly definitions: Definitions };

/**
 * Turns a table of definitions into functions that build the errors; the keys are the permanent codes.
 *
 * @example
 * const runErrors = defineErrors({
 *   RUN_NOT_FOUND: {
 *     fault: "caller",
 *     exitCode: 2,
 *     message: (d: { path: string }) => `there is no run at ${d.path}`,
 *     remedy: () => "list the runs with `rebench runs`",
 *   },
 * });
 * throw runErrors.RUN_NOT_FOUND({ path: "runs/x" });
 */
export function defineErrors<const Definitions extends Record<string, ErrorDefinition<never>>>(
  definitions: Definitions,
): ErrorFactories<Definitions> {
  const factories = Object.fromEntries(
    Object.entries(definitions).map(([code, definition]) => [
      code,
      (details: never, cause?: unknown) =>
        new RebenchError({
          code,
          fault: definition.fault,
          exitCode: definition.exitCode,
          message: definition.message(details),
          remedy: definition.remedy(details),
          cause,
        }),
    ]),
  );
  return { ...factories, definitions } as ErrorFactories<Definitions>;
}
