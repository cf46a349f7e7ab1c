import type { ErrorKind } from "./errors.ts";
import type { OperationCall } from "./operation-call.ts";

/** What becomes of a call instead of what it asked for. Each door tells it in its own words. */
export type Disturbance =
  /** It takes so much longer; then it is carried out. */
  | { readonly kind: "delay"; readonly delayMs: number }
  /** Refused because there are too many of them: whoever asked may ask again. */
  | { readonly kind: "throttle" }
  /** The connection breaks, before it is carried out or with the answer on its way. */
  | { readonly kind: "drop"; readonly isAfter: boolean }
  | {
      readonly kind: "fail";
      /** As whoever asked knows it; what says there that something failed inside when absent. */
      readonly code?: string | undefined;
      /** As HTTP has it. */
      readonly status: number;
      readonly message: string;
    };

/** Who is asked about operations before they are carried out. */
export interface Gate {
  /** Whether something may have to be done about such a call. Decides nothing yet. */
  mayDisturb(call: OperationCall): boolean;
  /** Decides it for one call; what was decided is kept before this resolves. */
  decide(call: OperationCall): Promise<Disturbance | undefined>;
  /** Hears of a call, once, however often its transaction had to run. */
  hear(call: OperationCall): void;
}

/** Every door and every step of a stack looks here before it carries out an operation. */
export interface Passage {
  /** Undefined, as nearly always, when nobody wants to know of operations: then a call costs one look. */
  readonly gate: Gate | undefined;
  /** Tells `listener` of every call until the returned function is called. */
  listen(listener: (call: OperationCall) => void): () => void;
  /** Sets who disturbs calls, or nobody. */
  disturbBy(disturber: Disturber | undefined): void;
}

export type Disturber = Pick<Gate, "mayDisturb" | "decide">;

const NOBODY: Disturber = { mayDisturb: () => false, decide: async () => undefined };

export function createPassage(): Passage {
  const listeners = new Set<(call: OperationCall) => void>();
  let disturber: Disturber | undefined;
  let gate: Gate | undefined;
  const hear = (call: OperationCall) => {
    for (const listener of listeners) listener(call);
  };
  const arrange = () => {
    const isWanted = listeners.size > 0 || disturber !== undefined;
    const { mayDisturb, decide } = disturber ?? NOBODY;
    gate = isWanted ? { mayDisturb, decide, hear } : undefined;
  };
  return {
    get gate() {
      return gate;
    },
    listen(listener) {
      listeners.add(listener);
      arrange();
      return () => {
        listeners.delete(listener);
        arrange();
      };
    },
    disturbBy(wanted) {
      disturber = wanted;
      arrange();
    },
  };
}

/** What a failure with this HTTP status is to services: only what passes by itself is tried again. */
export function kindOfStatus(status: number): ErrorKind {
  if (status === 429) return "throttled";
  if (status === 502 || status === 503 || status === 504) return "unavailable";
  if (status >= 500) return "internal";
  return CLIENT_KINDS[status] ?? "invalidInput";
}

const CLIENT_KINDS: Readonly<Record<number, ErrorKind>> = {
  401: "permissionDenied",
  403: "permissionDenied",
  404: "notFound",
  409: "conflict",
  412: "failedPrecondition",
  501: "unimplemented",
};
