import type { Transaction } from "../../kernel/store.ts";
import { records, subspace } from "../../kernel/subspace.ts";
import { canonicalJson } from "../../stack/expressions/value.ts";
import type { LiveState } from "../../stack/plan/live-state.ts";
import type { Values } from "./form.ts";
import type { Mapping } from "./mapping.ts";
import { contextOf, scopeOf, type ProviderSession } from "./session.ts";

/**
 * A resource that was made for Terraform and whose making Terraform may not have heard of: the engine was killed before
 * the answer was out. Written with the resource, removed when Terraform has it.
 */
interface Unanswered {
  readonly version: 1;
  /** As it was declared. */
  readonly declared: string;
  readonly atMs: number;
}

type Key = [account: string, region: string, type: string, id: string];
const space = subspace<Key>("terraform-provider", "unanswered");
const unanswered = records<Unanswered, Key>(space);

/** Whoever did not go on within this time meant something else with the same name. */
const HELD_MS = 24 * 60 * 60 * 1000;
const FOUND_MAX = 1000;

const keyOf = (session: ProviderSession, { type }: Mapping, id: string): Key => {
  const { account, region } = scopeOf(session);
  return [account, region, type.name, id];
};

/** Notes a resource in the transaction that makes it. */
export function noteMade(
  tx: Transaction,
  session: ProviderSession,
  mapping: Mapping,
  { id, declared }: { readonly id: string; readonly declared: Values },
): void {
  const record = { version: 1, declared: canonicalJson(declared), atMs: session.engine.clock.nowMs() } as const;
  unanswered.put(tx, record, ...keyOf(session, mapping, id));
}

/** Terraform has it, or it is gone. */
export async function noteAnswered(session: ProviderSession, mapping: Mapping, id: string): Promise<void> {
  const key = keyOf(session, mapping, id);
  const { store } = session.engine;
  const isNoted = await store.read(async (tx) => (await unanswered.get(tx, ...key)) !== undefined);
  if (isNoted) await store.transact(async (tx) => unanswered.remove(tx, ...key));
}

/**
 * What was made of the same declaration and never answered for, so that who applies again goes on where the engine was
 * killed. Undefined when there is none: then the name is somebody else's.
 */
export async function madeBefore(
  session: ProviderSession,
  mapping: Mapping,
  declared: Values,
): Promise<LiveState | undefined> {
  const { store, clock } = session.engine;
  const { account, region } = scopeOf(session);
  const wanted = canonicalJson(declared);
  return store.read(async (tx) => {
    const range = space.range(account, region, mapping.type.name);
    for (const { key, value } of await unanswered.range(tx, range, { limit: FOUND_MAX })) {
      if (value.declared !== wanted || value.atMs + HELD_MS < clock.nowMs()) continue;
      const id = space.parts(key)[3];
      const live = await mapping.type.handlers.read(tx, id, contextOf(session, mapping));
      if (live) return live as LiveState;
    }
    return undefined;
  });
}
