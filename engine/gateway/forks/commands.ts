import type { Scope } from "../../services/context.ts";
import type { Engine } from "../engine.ts";
import { differenceOf } from "./difference.ts";

interface Named {
  readonly name: string;
}

/** What the command line can ask of an engine's forks. A new one is made of the engine that is asked. */
export const FORK_COMMANDS = {
  forkCreate: async (engine: Engine, _scope: Scope, { name, snapshot }: Named & { readonly snapshot?: string }) =>
    engine.forks.create(name, { of: engine.forkName, snapshot }),
  forkServe: (engine: Engine, _scope: Scope, { name, port }: Named & { readonly port: number }) =>
    engine.forks.serve(name, port),
  forkList: async (engine: Engine, _scope: Scope, _input: object) => ({ forks: engine.forks.list() }),
  forkDiff: (engine: Engine, scope: Scope, { name }: Named) => differenceOf(engine, name, scope),
  async forkDrop(engine: Engine, _scope: Scope, { name }: Named) {
    await engine.forks.drop(name);
    return { dropped: name };
  },
} as const;
