import { Type } from "typebox";
import { records, subspace } from "../kernel/subspace.ts";
import { defineErrors } from "../services/errors.ts";
import { service } from "../services/manifest.ts";
import { resourceType, type Outside } from "../services/resource-type.ts";

/** What exists outside the store. It outlives every crash of the engine. */
export interface World {
  /** By the token that made it. */
  readonly things: Pick<Map<string, { readonly command: string }>, "get" | "set" | "has" | "delete" | "values">;
  /** Every effect, also those that were repeated. */
  readonly calls: string[];
}

export const emptyWorld = (): World => ({ things: new Map(), calls: [] });

export const outsideErrors = defineErrors({
  WorldBusy: { kind: "unavailable", message: (p: { call: string }) => `The world has no time for ${p.call}.` },
  WorldBroken: { kind: "internal", message: (p: { call: string }) => `The world breaks at ${p.call}.` },
});

interface ProcessRecord {
  readonly id: string;
  readonly command: string;
  readonly token: string;
}
const processes = records<ProcessRecord, [string, string, string]>(subspace("outside", "process"));

/** Called before and after each effect, e.g. `create web` and `created web`; may throw. */
export type Moment = (moment: string, signal: AbortSignal) => Promise<void>;

/** A service made to test effects outside the store: a `Process` is a record here and a thing in the world. */
export function outsideService(world: World, at: Moment = async () => undefined) {
  const tokenOf = (outside: Outside) => String(outside["token"]);
  const stateOf = ({ id, command, token }: ProcessRecord) => ({
    id,
    properties: { Command: command },
    attributes: { ProcessID: id, Token: token },
  });
  const doing = async <T>(call: string, signal: AbortSignal, effect: () => T): Promise<T> => {
    await at(call, signal);
    world.calls.push(call);
    const result = effect();
    await at(`after ${call}`, signal);
    return result;
  };
  const processType = resourceType({
    name: "Process",
    summary: "Something outside the store, to test with.",
    properties: Type.Object(
      { Command: Type.String(), Kind: Type.Optional(Type.String()) },
      { additionalProperties: false },
    ),
    attributes: Type.Object({ ProcessID: Type.String(), Token: Type.String() }),
    ref: "ProcessID",
    replacement: { Kind: "always" },
    writeOnly: ["Kind"],
    examples: [{ title: "a process", properties: { Command: "sleep" } }],
    outside: {
      create: ({ Command }, { token, signal }) =>
        doing(`create ${Command}`, signal, () => {
          if (!world.things.has(token)) world.things.set(token, { command: Command });
          return { token };
        }),
      update: (outside, { Command }, { signal }) =>
        doing(`update ${Command}`, signal, () => void world.things.set(tokenOf(outside), { command: Command })),
      delete: (outside, { signal }) =>
        doing(`delete ${world.things.get(tokenOf(outside))?.command ?? "nothing"}`, signal, () => {
          world.things.delete(tokenOf(outside));
        }),
      find: async ({ token }) => (world.things.has(token) ? { token } : undefined),
    },
    handlers: {
      async create(tx, { Command }, ctx) {
        const { account, region } = ctx;
        const record = { id: ctx.ids.prefixed("process"), command: Command, token: tokenOf(ctx.outside ?? {}) };
        processes.put(tx, record, account, region, record.id);
        return stateOf(record);
      },
      async read(tx, id, { account, region }) {
        const record = await processes.get(tx, account, region, id);
        return record && stateOf(record);
      },
      async update(tx, id, { Command }, _previous, { account, region, outside }) {
        const record = { id, command: Command, token: tokenOf(outside ?? {}) };
        processes.put(tx, record, account, region, id);
        return stateOf(record);
      },
      async delete(tx, id, { account, region }) {
        processes.remove(tx, account, region, id);
      },
      async list(tx, { account, region }, page) {
        return (await processes.page(tx, [account, region], page)).map(({ id }) => id);
      },
    },
  });
  return service({
    name: "outside",
    summary: "Things outside the store to test with.",
    operations: {},
    errors: outsideErrors,
    resources: [processType],
  });
}
