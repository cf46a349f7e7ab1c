import type { Clock } from "../platform/clock.ts";
import { failureOf } from "../services/passing.ts";
import { pauseUntil } from "../services/pause.ts";
import type { OperationCall } from "../services/operation-call.ts";
import type { Gate } from "../services/passage.ts";

/** The connection is to be cut instead of an answer. */
export const CUT = Symbol("cut");

export interface Passing {
  readonly gate: Gate;
  readonly clock: Clock;
  readonly call: OperationCall;
  /** Aborted when whoever asked has gone. */
  readonly signal: AbortSignal;
}

/**
 * Carries an operation of the native API out under the rules that are in force.
 * Errors: `ServiceError` for one that is made to fail
 */
export async function passNatively<T>(
  { gate, clock, call, signal }: Passing,
  carryOut: () => Promise<T>,
): Promise<T | typeof CUT> {
  gate.hear(call);
  const disturbance = gate.mayDisturb(call) ? await gate.decide(call) : undefined;
  if (disturbance === undefined) return carryOut();
  if (disturbance.kind === "delay") {
    // Whoever has gone meanwhile would not have been served either.
    const isOver = await pauseUntil(clock, clock.nowMs() + disturbance.delayMs, signal);
    return isOver ? carryOut() : CUT;
  }
  if (disturbance.kind !== "drop") throw failureOf(disturbance, call);
  if (disturbance.isAfter) await carryOut();
  return CUT;
}
