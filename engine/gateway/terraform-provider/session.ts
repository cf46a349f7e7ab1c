import type { Clock } from "../../platform/clock.ts";
import type { ResourceContext } from "../../services/resource-type.ts";
import { readPassing, type Pass } from "../../services/passing.ts";
import type { Scope } from "../../services/context.ts";
import type { LiveState } from "../../stack/plan/live-state.ts";
import type { Engine } from "../engine.ts";
import type { Mapping } from "./mapping.ts";
import { PREFIX } from "./names.ts";

/** What a provider needs of an engine. */
export type ProviderEngine = Pick<
  Engine,
  "store" | "calls" | "registry" | "ids" | "log" | "defaultScope" | "version"
> &
  Partial<Pick<Engine, "passage">> & { readonly clock: Clock };

/** One configuration of the provider: Terraform has one connection for each alias. */
export interface ProviderSession {
  readonly engine: ProviderEngine;
  /** Undefined while a part of it is known only after apply. */
  scope: Scope | undefined;
  /** Aborted when Terraform is interrupted. */
  readonly stopping: AbortController;
}

/** Where a session's resources are. Asked for only by what cannot be done without. */
export class ScopeUnknown extends Error {
  override name = "ScopeUnknown";
  constructor() {
    super("The provider's account or region is known only after apply, so that nothing can be read from it yet.");
  }
}

export function scopeOf({ scope }: ProviderSession): Scope {
  if (!scope) throw new ScopeUnknown();
  return scope;
}

export const contextOf = (
  session: ProviderSession,
  { registered, name }: Mapping,
  pass?: Pass,
): ResourceContext<never> => ({
  ...session.engine.calls.contextOf(registered.service, scopeOf(session)),
  owner: ownerOf(name),
  ...(pass && { pass }),
});

/** For generated names: `terraform-queue-1f8d3a02`. Terraform tells no provider what a resource is called. */
const ownerOf = (name: string) => ({ stack: "terraform", logicalId: snakeToKebab(name.slice(`${PREFIX}_`.length)) });
const snakeToKebab = (name: string) => name.replaceAll("_", "-");

/** What is there under an id. */
export const readLive = (session: ProviderSession, mapping: Mapping, id: string): Promise<LiveState | undefined> =>
  readPassing(session.engine, (tx, pass) => {
    const context = contextOf(session, mapping, pass);
    return mapping.type.handlers.read(tx, id, context) as Promise<LiveState | undefined>;
  });
