/** The closed vocabulary of what can go wrong in a service. Wire codes and HTTP statuses are the clouds' affair. */
const ERROR_KINDS = [
  "invalidInput",
  "notFound",
  "alreadyExists",
  "failedPrecondition",
  "conflict",
  "permissionDenied",
  "limitExceeded",
  "throttled",
  "unimplemented",
  "unavailable",
  "internal",
] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

/** Kinds of failures that pass by themselves: the same call may succeed a little later. */
const TRANSIENT_KINDS: ReadonlySet<ErrorKind> = new Set(["throttled", "unavailable"]);

/** A failure that a caller can expect and match on by `code` or `kind`. */
export class ServiceError<Code extends string = string> extends Error {
  override name = "ServiceError";
  readonly code: Code;
  readonly kind: ErrorKind;
  /** What the message was made from, for callers that build their own text. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: Code,
    kind: ErrorKind,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.kind = kind;
    this.details = details;
  }
}

/** Whether it makes sense to make the same call again. */
export const isTransient = (error: unknown): error is ServiceError =>
  error instanceof ServiceError && TRANSIENT_KINDS.has(error.kind);

interface ErrorRow {
  readonly kind: ErrorKind;
  // `never` accepts every row's own parameter type; the factories below give it back.
  readonly message: (details: never) => string;
}
type Details<Row extends ErrorRow> = Parameters<Row["message"]> extends [infer D] ? [details: D] : [];

export type ErrorFactories<Table extends Record<string, ErrorRow>> = {
  readonly [Code in keyof Table & string]: (...args: Details<Table[Code]>) => ServiceError<Code>;
};

/** Turns a service's table of errors into one typed factory per code. */
export function defineErrors<const Table extends Record<string, ErrorRow>>(table: Table): ErrorFactories<Table> {
  const factory = (code: string, row: ErrorRow) => (details?: Readonly<Record<string, unknown>>) =>
    new ServiceError(code, row.kind, row.message(details as never), details);
  return Object.fromEntries(
    Object.entries(table).map(([code, row]) => [code, factory(code, row)]),
  ) as unknown as ErrorFactories<Table>;
}
