import type { Clock } from "../../platform/clock.ts";
import { isTransient } from "../../services/errors.ts";
import { StepFailed } from "./deployment.ts";
import { pauseUntil } from "../../services/pause.ts";

const FIRST_DELAY_MS = 100;
const ATTEMPTS_MAX = 8;

/** How long one step may go on, and until when. */
export interface TimeLimit {
  readonly timeoutMs: number;
  readonly atMs: number;
}

export const timeLimit = (clock: Clock, timeoutMs: number | undefined): TimeLimit | undefined =>
  timeoutMs === undefined ? undefined : { timeoutMs, atMs: clock.nowMs() + timeoutMs };

export interface AttemptOptions {
  readonly clock: Clock;
  readonly limit?: TimeLimit | undefined;
  /** Ends the waiting between two attempts; then the last failure stands. */
  readonly signal?: AbortSignal | undefined;
  /** Told before each wait. */
  onRetry(error: unknown, attempt: number, againAtMs: number): Promise<void>;
}

/** A step's failure says which resource it is about, and hides what the service said. */
const isPassing = (error: unknown) => isTransient(error instanceof StepFailed ? error.cause : error);

/**
 * Runs `run`, again and again while its failures are of the kind that passes by itself: each wait is twice as long as
 * the one before. Throws the last failure.
 */
export async function withAttempts<T>(run: () => Promise<T>, options: AttemptOptions): Promise<T> {
  const { clock, limit, signal } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      const againAtMs = clock.nowMs() + FIRST_DELAY_MS * 2 ** (attempt - 1);
      const isLast = attempt === ATTEMPTS_MAX || (limit !== undefined && againAtMs >= limit.atMs);
      if (!isPassing(error) || isLast || signal?.aborted) throw error;
      await options.onRetry(error, attempt, againAtMs);
      if (!(await pauseUntil(clock, againAtMs, signal))) throw error;
    }
  }
}

/**
 * The result of `work`, or a failure at the limit. Inside a transaction this leaves nothing behind: a transaction whose
 * function throws writes nothing, whatever `work` still does with it. Outside of one, `work` has to heed its signal.
 */
export async function beforeLimit<T>(
  clock: Clock,
  limit: TimeLimit | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  if (limit === undefined) return work(late.signal);
  // A transaction that is run again after a conflict may come too late.
  if (clock.nowMs() >= limit.atMs) throw timedOut(limit);
  let cancelAlarm: (() => void) | undefined;
  const alarm = new Promise<never>((_resolve, reject) => {
    cancelAlarm = clock.wakeAt(limit.atMs, () => {
      late.abort();
      reject(timedOut(limit));
    });
  });
  try {
    return await Promise.race([work(late.signal), alarm]);
  } finally {
    cancelAlarm?.();
  }
}

const timedOut = ({ timeoutMs }: TimeLimit) =>
  new StepFailed({ code: "TimedOut", message: `It took longer than ${timeoutMs / 1000} s.` });
