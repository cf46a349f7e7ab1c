import type { Engine } from "./engine.ts";

export interface ControlOptions {
  readonly engine: Engine;
  /** Called after the answer to `POST /_cloudstack/stop` has gone out. */
  readonly onStop: () => void;
}
