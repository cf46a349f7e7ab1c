import type { Scope } from "../../services/context.ts";
import type { Engine } from "../engine.ts";
import type { RuleInput } from "./rule.ts";

/** What the command line can ask about an engine's chaos. */
export const CHAOS_COMMANDS = {
  chaosAdd: async (engine: Engine, _scope: Scope, rule: RuleInput) => ({ rule: await engine.chaos.add(rule) }),
  chaosList: async (engine: Engine, _scope: Scope, _input: object) => ({ rules: await engine.chaos.list() }),
  chaosRemove: async (engine: Engine, _scope: Scope, { id }: { readonly id: string }) => ({
    rule: await engine.chaos.remove(id),
  }),
  chaosClear: async (engine: Engine, _scope: Scope, _input: object) => ({ removed: await engine.chaos.clear() }),
  chaosEvents: async (engine: Engine, _scope: Scope, _input: object) => ({ events: await engine.chaos.events() }),
} as const;
