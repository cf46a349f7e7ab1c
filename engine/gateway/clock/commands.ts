import type { Scope } from "../../services/context.ts";
import type { Engine } from "../engine.ts";

/** What the command line can ask of an engine's clock. */
export const CLOCK_COMMANDS = {
  clock: async (engine: Engine, _scope: Scope, _input: object) => engine.time.show(),
  clockAdvance: (engine: Engine, _scope: Scope, { ms }: { readonly ms: number }) => engine.time.advance(ms),
  clockFreeze: (engine: Engine, _scope: Scope, { at }: { readonly at?: string | undefined }) => engine.time.freeze(at),
  clockUnfreeze: (engine: Engine, _scope: Scope, _input: object) => engine.time.unfreeze(),
  clockReset: (engine: Engine, _scope: Scope, _input: object) => engine.time.reset(),
  clockEvents: async (engine: Engine, _scope: Scope, _input: object) => ({ events: await engine.time.events() }),
} as const;
