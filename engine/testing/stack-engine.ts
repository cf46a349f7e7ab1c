import { memoryStore } from "../kernel/memory.ts";
import { startingWith } from "../kernel/key.ts";
import { StoreUnavailable, type Store } from "../kernel/store.ts";
import type { BlobStore } from "../kernel/blobs.ts";
import { manualClock, type ManualClock } from "../platform/clock.ts";
import { idsFrom } from "../platform/ids.ts";
import { seededRandom } from "../platform/random.ts";
import { createCalls, type Calls } from "../services/calls.ts";
import type { Service } from "../services/manifest.ts";
import { createRegistry, type RegisteredType } from "../stack/registry/registry.ts";
import { createStacks, type Stacks } from "../stack/stacks.ts";
import type { StoredValues } from "../stack/parameters/stored-values.ts";
import type { TemplateFiles } from "../stack/template/template-files.ts";
import type { DeploymentOptions } from "../stack/apply/begin.ts";
import type { DeployResult, PlanResult } from "../stack/requests.ts";
import { formatPlan } from "./plan-text.ts";
import { formatDiagnostic } from "../stack/diagnostics/format.ts";
import { thingsService } from "./stack-things.ts";

export const TEST_SCOPE = { account: "111111111111", region: "us-east-1" } as const;

export interface StacksUnderTest {
  readonly stacks: Stacks;
  readonly store: Store;
  readonly clock: ManualClock;
  readonly calls: Calls;
  deploy(
    text: string,
    options?: DeploymentOptions & { readonly parameters?: Record<string, string>; readonly stack?: string },
  ): Promise<DeployResult>;
  plan(text: string, parameters?: Record<string, string>): Promise<PlanResult>;
  /** The plan as text, or its diagnostics. */
  planText(text: string, parameters?: Record<string, string>): Promise<string>;
  destroy(stack?: string): Promise<DeployResult>;
}

const dead = () => new StoreUnavailable("The process died here.");

const request = (text: string, parameters?: Record<string, string>, stack = "web") => ({
  scope: TEST_SCOPE,
  stack,
  source: { file: "web.yaml", text },
  parameters,
});

/** The stack engine on a memory store; the stack is called `web`, its file `web.yaml`, unless said otherwise. */
export function stacksUnderTest(
  services: readonly Service[] = [thingsService()],
  parts: {
    readonly store?: Store;
    readonly seed?: number;
    readonly isAlone?: boolean;
    /** Types that live elsewhere than in their service: a cloud's own. */
    readonly types?: readonly RegisteredType[];
    readonly storedValues?: StoredValues;
    readonly templateFiles?: TemplateFiles;
  } = {},
): StacksUnderTest {
  const store = parts.store ?? memoryStore();
  const clock = manualClock();
  const random = seededRandom(parts.seed ?? 1);
  const ids = idsFrom(random);
  const calls = createCalls({ store, blobs: {} as BlobStore, clock, ids, random, services });
  const { isAlone = false, storedValues, templateFiles } = parts;
  const ports = { storedValues, templateFiles };
  const registry = createRegistry(services, parts.types);
  const stacks = createStacks({ store, calls, registry, clock, ids, holder: "test", isAlone, ...ports });
  const plan = (text: string, parameters?: Record<string, string>) => stacks.plan(request(text, parameters));
  return {
    stacks,
    store,
    clock,
    calls,
    plan,
    deploy: (text, { parameters, stack, ...options } = {}) => stacks.deploy(request(text, parameters, stack), options),
    async planText(text, parameters) {
      const { plan: made, diagnostics } = await plan(text, parameters);
      return made ? formatPlan(made) : diagnostics.map((each) => formatDiagnostic(each, text)).join("\n");
    },
    destroy: (stack = "web") => stacks.destroy({ scope: TEST_SCOPE, stack }),
  };
}

/** Everything of one service or of the stack engine, as text by key: to compare a state with another. */
export async function contentsOf(store: Store, first: string): Promise<Readonly<Record<string, unknown>>> {
  return store.read(async (tx) => {
    const found: Record<string, unknown> = {};
    for await (const { key, value } of tx.scan(startingWith([first]))) found[JSON.stringify(key)] = value;
    return found;
  });
}

/**
 * A store whose process dies after `commits` transactions: from then on nothing is read or written. The base lives on.
 */
export function dyingStore(base: Store, commits: number): Store {
  let left = commits;
  return {
    watch: (range, onChange) => base.watch(range, onChange),
    fork: () => base.fork(),
    isSeenByForks: (range) => base.isSeenByForks(range),
    position: (atLeast) => base.position(atLeast),
    close: () => base.close(),
    async transact(run) {
      if (left <= 0) throw dead();
      left -= 1;
      return base.transact(run);
    },
    async read(run, options) {
      if (left <= 0) throw dead();
      return base.read(run, options);
    },
  };
}
