import { Type } from "typebox";
import { records, subspace } from "../kernel/subspace.ts";
import { defineErrors } from "../services/errors.ts";
import { service } from "../services/manifest.ts";
import { resourceType } from "../services/resource-type.ts";

interface Thing {
  readonly id: string;
  readonly value: string;
  readonly kind: string;
  readonly uses: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly secret: string;
}

const things = records<Thing, [string, string, string]>(subspace("things", "thing"));
const thingSpace = subspace<[string, string, string]>("things", "thing");
/** Who uses a thing: it may not go before them. */
const users = subspace<[account: string, region: string, id: string, user: string]>("things", "user");

export const thingErrors = defineErrors({
  ThingNotFound: { kind: "notFound", message: (p: { id: string }) => `Thing ${p.id} does not exist.` },
  ThingInUse: {
    kind: "failedPrecondition",
    message: (p: { id: string; by: string }) => `Thing ${p.id} is used by ${p.by}.`,
  },
  Injected: { kind: "internal", message: (p: { step: string }) => `Injected at ${p.step}.` },
  Busy: { kind: "throttled", message: (p: { step: string }) => `Too busy for ${p.step}.` },
});

/** Fails the handler call for which it returns true; called with `create Value`, `update Value`, `delete Value`. */
export interface Faults {
  shouldFail(step: string): boolean;
  /** Waited for in the same place; may throw what it wants. */
  before?(step: string): Promise<void>;
}

const stateOf = (thing: Thing) => ({
  id: thing.id,
  properties: { Value: thing.value, Kind: thing.kind, Uses: [...thing.uses], Labels: thing.labels },
  attributes: { ThingID: thing.id, Value: thing.value, Address: `address-of-${thing.id}` },
});

/**
 * A service made to test the stack engine: a thing cannot be made before those it uses nor go while it is used, so any
 * wrong order fails; `Kind` cannot be changed in place; `Secret` is never read back.
 */
export function thingsService(faults: Faults = { shouldFail: () => false }) {
  const check = async (step: string) => {
    await faults.before?.(step);
    if (faults.shouldFail(step)) throw thingErrors.Injected({ step });
  };
  const thingType = resourceType({
    name: "Thing",
    summary: "Something to test with.",
    properties: Type.Object(
      {
        Value: Type.String(),
        Kind: Type.String({ default: "plain" }),
        Uses: Type.Optional(Type.Array(Type.String())),
        Labels: Type.Optional(Type.Record(Type.String(), Type.String())),
        Secret: Type.Optional(Type.String()),
        Count: Type.Optional(Type.Integer({ minimum: 1, maximum: 9 })),
        IsLarge: Type.Optional(Type.Boolean()),
        Colour: Type.Optional(Type.Union([Type.Literal("red"), Type.Literal("green")])),
      },
      { additionalProperties: false },
    ),
    attributes: Type.Object({ ThingID: Type.String(), Value: Type.String(), Address: Type.String() }),
    ref: "ThingID",
    replacement: { Kind: "always" },
    writeOnly: ["Secret", "Count", "IsLarge", "Colour"],
    sensitive: ["Secret"],
    tags: { property: "Labels", form: "map" },
    examples: [{ title: "a thing", properties: { Value: "one", Kind: "plain" } }],
    handlers: {
      async create(tx, properties, ctx) {
        await check(`create ${properties.Value}`);
        const { account, region } = ctx;
        const id = ctx.ids.prefixed("thing");
        const uses = properties.Uses ?? [];
        for (const used of uses) {
          if (!(await things.get(tx, account, region, used))) throw thingErrors.ThingNotFound({ id: used });
          tx.set(users.key(account, region, used, id), true);
        }
        const thing: Thing = {
          id,
          value: properties.Value,
          kind: properties.Kind,
          uses,
          labels: properties.Labels ?? {},
          secret: properties.Secret ?? "",
        };
        things.put(tx, thing, account, region, id);
        return stateOf(thing);
      },
      async read(tx, id, ctx) {
        const thing = await things.get(tx, ctx.account, ctx.region, id);
        return thing && stateOf(thing);
      },
      async update(tx, id, properties, _previous, ctx) {
        await check(`update ${properties.Value}`);
        const { account, region } = ctx;
        const thing = await things.get(tx, account, region, id);
        if (!thing) throw thingErrors.ThingNotFound({ id });
        const uses = properties.Uses ?? [];
        for (const used of thing.uses) tx.delete(users.key(account, region, used, id));
        for (const used of uses) {
          if (!(await things.get(tx, account, region, used))) throw thingErrors.ThingNotFound({ id: used });
          tx.set(users.key(account, region, used, id), true);
        }
        const updated: Thing = {
          ...thing,
          value: properties.Value,
          uses,
          labels: properties.Labels ?? {},
          secret: properties.Secret ?? "",
        };
        things.put(tx, updated, account, region, id);
        return stateOf(updated);
      },
      async delete(tx, id, ctx) {
        const { account, region } = ctx;
        const thing = await things.get(tx, account, region, id);
        if (!thing) return;
        await check(`delete ${thing.value}`);
        const [user] = await tx.range(users.range(account, region, id), { limit: 1 });
        if (user) throw thingErrors.ThingInUse({ id, by: users.parts(user.key)[3] });
        for (const used of thing.uses) tx.delete(users.key(account, region, used, id));
        things.remove(tx, account, region, id);
      },
      async list(tx, ctx, page) {
        const found = await things.range(tx, thingSpace.range(ctx.account, ctx.region), { limit: page.limit });
        return found.map((entry) => entry.value.id);
      },
    },
  });
  return service({
    name: "things",
    summary: "Things to test with.",
    operations: {},
    errors: thingErrors,
    resources: [thingType],
  });
}
