import type { Reader, Store, Transaction } from "../kernel/store.ts";
import type { Clock } from "../platform/clock.ts";
import { ServiceError } from "./errors.ts";
import type { OperationCall } from "./operation-call.ts";
import { kindOfStatus, type Disturbance, type Gate, type Passage } from "./passage.ts";
import { pauseUntil } from "./pause.ts";

/** What operations within a transaction pass; what it throws is their failure. */
export type Pass = (call: OperationCall) => void;

export interface PassingParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly passage?: Passage | undefined;
}

/**
 * A transaction whose operations pass the gate. `pass` is for the contexts of its handlers; undefined when nobody wants
 * to know.
 * Errors: what `run` throws; `ServiceError` for an operation that is made to fail
 */
export async function transactPassing<T>(
  { store, clock, passage }: PassingParts,
  run: (tx: Transaction, pass: Pass | undefined) => Promise<T>,
): Promise<T> {
  const gate = passage?.gate;
  if (gate === undefined) return store.transact((tx) => run(tx, undefined));
  const passing = new Passing(gate);
  for (;;) {
    try {
      const result = await store.transact(async (tx) => {
        passing.begin();
        const made = await run(tx, passing.pass);
        passing.requireDecided();
        return made;
      });
      passing.tell();
      return result;
    } catch (error) {
      if (!passing.isUndecided) {
        passing.tell();
        throw error;
      }
      await passing.decide(clock);
    }
  }
}

/** The same for what only reads, which is told of and never disturbed: a plan shows what is there. */
export async function readPassing<T>(
  { store, passage }: Pick<PassingParts, "store" | "passage">,
  run: (tx: Reader, pass: Pass | undefined) => Promise<T>,
): Promise<T> {
  const gate = passage?.gate;
  if (gate === undefined) return store.read((tx) => run(tx, undefined));
  const passing = new Passing({ ...gate, mayDisturb: () => false });
  const result = await store.read((tx) => {
    passing.begin();
    return run(tx, passing.pass);
  });
  passing.tell();
  return result;
}

interface Decided {
  /** Names that are generated differ from run to run; what is called does not. */
  readonly what: string;
  readonly disturbance: Disturbance | undefined;
}

const whatOf = ({ cloud, service, operation }: OperationCall) => `${cloud} ${service} ${operation}`;

/** Leaves a transaction that may not go on before something was decided outside of it. */
class Undecided extends Error {
  override name = "Undecided";
}

/**
 * The operations of one transaction. It may run several times, since others conflict with it, and a disturbance is kept
 * by a transaction of its own and may have to wait: so it is decided between two runs, and the next run is told the
 * same of its first call, its second, and so on.
 */
class Passing {
  private readonly gate: Gate;
  private readonly decided: Decided[] = [];
  private calls: OperationCall[] = [];
  private undecided: OperationCall | undefined;

  constructor(gate: Gate) {
    this.gate = gate;
  }

  get isUndecided(): boolean {
    return this.undecided !== undefined;
  }

  begin(): void {
    this.calls = [];
    this.undecided = undefined;
  }

  readonly pass: Pass = (call) => {
    this.requireDecided();
    const number = this.calls.push(call) - 1;
    const found = this.decided[number];
    const decided = found?.what === whatOf(call) ? found : undefined;
    if (!decided && this.gate.mayDisturb(call)) {
      this.undecided = call;
      throw new Undecided(whatOf(call));
    }
    const disturbance = decided?.disturbance;
    if (disturbance && disturbance.kind !== "delay") throw failureOf(disturbance, call);
  };

  /** A handler that caught the way out must not commit. */
  requireDecided(): void {
    if (this.undecided) throw new Undecided(whatOf(this.undecided));
  }

  async decide(clock: Clock): Promise<void> {
    const { undecided } = this;
    if (!undecided) return;
    const disturbance = await this.gate.decide(undecided);
    this.decided[this.calls.length - 1] = { what: whatOf(undecided), disturbance };
    if (disturbance?.kind === "delay") await pauseUntil(clock, clock.nowMs() + disturbance.delayMs);
  }

  /** Of a handler that made operations of its cloud, those are told. */
  tell(): void {
    this.calls.forEach((call, index) => {
      const next = this.calls[index + 1];
      if (!call.isHandler || next === undefined || next.isHandler) this.gate.hear(call);
    });
  }
}

/** A disturbance as services say it. */
export function failureOf(
  disturbance: Exclude<Disturbance, { readonly kind: "delay" }>,
  { service, operation }: OperationCall,
): ServiceError {
  const what = `${service} ${operation}`;
  if (disturbance.kind === "throttle")
    return new ServiceError("Throttled", "throttled", `A rule of chaos throttles ${what}.`);
  if (disturbance.kind === "drop")
    return new ServiceError("ConnectionLost", "unavailable", `A rule of chaos cuts the connection of ${what}.`);
  const { code, status, message } = disturbance;
  return new ServiceError(code ?? "InternalFailure", kindOfStatus(status), message);
}
