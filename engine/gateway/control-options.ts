import type { Engine } from "./engine.ts";

export interface ControlOptions {
  readonly engine: Engine;
  /** Called after the answer to `POST /_cloudstack/stop` has gone out. */
  readonly onStop: () => void;
  /** Aborted when the server stops: what would go on for ever ends then. */
  readonly ending: AbortSignal;
}
