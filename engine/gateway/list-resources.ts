import type { Store } from "../kernel/store.ts";
import type { Scope } from "../services/context.ts";
import { ServiceError } from "../services/errors.ts";
import type { RegisteredType } from "../stack/registry/registry.ts";
import type { Engine } from "./engine.ts";
import type { ResourceListing } from "./resource-listing.ts";

const PAGE = 500;

/** What resources are listed from: an engine, or its types over some other state. */
export interface Listed extends Pick<Engine, "registry" | "calls"> {
  readonly store: Pick<Store, "read">;
}

/** Everything that exists in a scope, whoever made it, by type and id; once each, under its native type if any. */
export async function listResources(engine: Listed, scope: Scope, type?: string): Promise<ResourceListing[]> {
  const { registry } = engine;
  if (type !== undefined && !registry.get(type)) {
    throw new ServiceError(
      "UnknownResourceType",
      "notFound",
      `There is no resource type "${type}": ${registry.names.join(", ")}.`,
    );
  }
  const listings: ResourceListing[] = [];
  for (const name of type === undefined ? registry.names : [type]) {
    const registered = registry.get(name);
    const isTwin = registry.get(registered?.type.twinOf ?? "") !== undefined;
    if (registered && (type !== undefined || !isTwin)) listings.push(...(await listType(engine, scope, registered)));
  }
  return listings;
}

async function listType(engine: Listed, scope: Scope, { type, service }: RegisteredType): Promise<ResourceListing[]> {
  const ctx = engine.calls.contextOf(service, scope);
  const twins = engine.registry.twinsOf(type.name);
  const alsoCalled = twins.length > 0 && { alsoCalled: twins };
  const listings: ResourceListing[] = [];
  let after: string | undefined;
  for (;;) {
    const page = { ...(after !== undefined && { after }), limit: PAGE };
    const ids: readonly string[] = await engine.store.read((tx) => type.handlers.list(tx, ctx, page));
    for (const id of ids) {
      const state = await engine.store.read((tx) => type.handlers.read(tx, id, ctx));
      if (!state) continue;
      const { properties, attributes } = state;
      listings.push({ type: type.name, ...alsoCalled, id, properties, attributes });
    }
    after = ids.at(-1);
    if (ids.length < PAGE) return listings;
  }
}
