import { Type } from "typebox";
import type { Reader } from "../../../kernel/store.ts";
import type { Scope } from "../../context.ts";
import { Labels } from "../../labels.ts";
import { operation } from "../../operation.ts";
import { errors } from "../errors.ts";
import { checkedLabels } from "../labels.ts";
import { holds, Instance, InstancePolicy, instances, spaces, type Location } from "../model.ts";

const Nothing = Type.Object({});

/** Errors: `GrantsInstanceNotFound` */
export async function requireInstance(tx: Reader, { account, region }: Scope): Promise<Instance> {
  const instance = await instances.get(tx, account, region);
  if (!instance) throw errors.GrantsInstanceNotFound({ region });
  return instance;
}

/** Errors: `GrantsPolicyInvalid` */
function checkPolicy(text: string): void {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch (cause) {
    throw Object.assign(errors.GrantsPolicyInvalid({ why: "it is not JSON." }), { cause });
  }
  if (typeof policy !== "object" || policy === null || !("Statement" in policy))
    throw errors.GrantsPolicyInvalid({ why: "it has no statements." });
}

export const instanceOperations = {
  createInstance: operation({
    summary: "Begins to grant parts of the account's buckets in a region.",
    input: Type.Object({ labels: Type.Optional(Labels) }),
    output: Instance,
    effects: "write",
    errors: ["GrantsInstanceExists", "GrantLabelsInvalid"],
    async run(tx, input, ctx) {
      if (await instances.get(tx, ctx.account, ctx.region)) throw errors.GrantsInstanceExists({ region: ctx.region });
      const labels = checkedLabels(input.labels);
      const instance = { version: 1 as const, createdAtMs: ctx.clock.nowMs(), labels };
      instances.put(tx, instance, ctx.account, ctx.region);
      return instance;
    },
  }),
  getInstance: operation({
    summary: "Shows what holds the account's grants in a region.",
    input: Nothing,
    output: Instance,
    effects: "read",
    errors: ["GrantsInstanceNotFound"],
    run: (tx, _, ctx) => requireInstance(tx, ctx),
  }),
  listInstances: operation({
    summary: "Shows what holds the account's grants in a region, if anything does.",
    input: Nothing,
    output: Type.Object({ found: Type.Array(Instance) }),
    effects: "read",
    errors: [],
    async run(tx, _, { account, region }) {
      const instance = await instances.get(tx, account, region);
      return { found: instance ? [instance] : [] };
    },
  }),
  getInstanceOfPath: operation({
    summary: "Shows what holds the account's grants, when one of its locations holds a path.",
    input: Type.Object({ path: Type.String() }),
    output: Instance,
    effects: "read",
    errors: ["GrantsInstanceNotFound"],
    async run(tx, { path }, ctx) {
      const instance = await requireInstance(tx, ctx);
      for await (const { value } of tx.scan<Location>(spaces.location.range(ctx.account, ctx.region))) {
        if (holds(value.path, path)) return instance;
      }
      throw errors.GrantsInstanceNotFound({ region: ctx.region });
    },
  }),
  deleteInstance: operation({
    summary: "Gives up granting in a region; its locations must be gone.",
    input: Nothing,
    output: Nothing,
    effects: "write",
    errors: ["GrantsInstanceNotFound", "GrantsInstanceNotEmpty"],
    async run(tx, _, ctx) {
      await requireInstance(tx, ctx);
      const [location] = await tx.range(spaces.location.range(ctx.account, ctx.region), { limit: 1 });
      if (location) throw errors.GrantsInstanceNotEmpty();
      instances.remove(tx, ctx.account, ctx.region);
      return {};
    },
  }),
  putInstancePolicy: operation({
    summary: "Keeps who else may use the account's grants.",
    input: Type.Object({ text: Type.String(), organization: Type.Optional(Type.String()) }),
    output: InstancePolicy,
    effects: "write",
    errors: ["GrantsInstanceNotFound", "GrantsPolicyInvalid"],
    async run(tx, input, ctx) {
      const instance = await requireInstance(tx, ctx);
      checkPolicy(input.text);
      const policy = { ...input, createdAtMs: ctx.clock.nowMs() };
      instances.put(tx, { ...instance, policy }, ctx.account, ctx.region);
      return policy;
    },
  }),
  getInstancePolicy: operation({
    summary: "Shows who else may use the account's grants.",
    input: Nothing,
    output: InstancePolicy,
    effects: "read",
    errors: ["GrantsInstanceNotFound", "GrantsPolicyNotFound"],
    async run(tx, _, ctx) {
      const { policy } = await requireInstance(tx, ctx);
      if (!policy) throw errors.GrantsPolicyNotFound();
      return policy;
    },
  }),
  deleteInstancePolicy: operation({
    summary: "Lets nobody else use the account's grants.",
    input: Nothing,
    output: Nothing,
    effects: "write",
    errors: ["GrantsInstanceNotFound"],
    async run(tx, _, ctx) {
      const { policy: _policy, ...instance } = await requireInstance(tx, ctx);
      instances.put(tx, instance, ctx.account, ctx.region);
      return {};
    },
  }),
};
