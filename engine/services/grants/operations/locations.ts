import { Type } from "typebox";
import type { Reader } from "../../../kernel/store.ts";
import type { Scope } from "../../context.ts";
import { Labels } from "../../labels.ts";
import { operation } from "../../operation.ts";
import { errors } from "../errors.ts";
import { checkedLabels } from "../labels.ts";
import { listed, pageInput } from "../listing.ts";
import { Location, locations, spaces, type Grant } from "../model.ts";
import { requireInstance } from "./instances.ts";

const id = Type.String();
/** Of the location that stands for all buckets: there is only one. */
const EVERYWHERE = "default";

/** Errors: `GrantsLocationNotFound` */
export async function requireLocation(tx: Reader, { account, region }: Scope, of: string): Promise<Location> {
  const location = await locations.get(tx, account, region, of);
  if (!location) throw errors.GrantsLocationNotFound({ id: of });
  return location;
}

export const locationOperations = {
  createLocation: operation({
    summary: "Names a bucket, a part of one or all of them as a place for grants.",
    input: Type.Object({ path: Type.String(), role: Type.String(), labels: Type.Optional(Labels) }),
    output: Location,
    effects: "write",
    errors: ["GrantsInstanceNotFound", "GrantsLocationExists", "GrantLabelsInvalid"],
    async run(tx, { path, role, labels }, ctx) {
      await requireInstance(tx, ctx);
      for await (const { value } of tx.scan<Location>(spaces.location.range(ctx.account, ctx.region))) {
        if (value.path === path) throw errors.GrantsLocationExists({ path });
      }
      const location: Location = {
        version: 1,
        id: path === "" ? EVERYWHERE : ctx.ids.uuid(),
        path,
        role,
        createdAtMs: ctx.clock.nowMs(),
        labels: checkedLabels(labels),
      };
      locations.put(tx, location, ctx.account, ctx.region, location.id);
      return location;
    },
  }),
  getLocation: operation({
    summary: "Shows a place for grants.",
    input: Type.Object({ id }),
    output: Location,
    effects: "read",
    errors: ["GrantsLocationNotFound"],
    run: (tx, input, ctx) => requireLocation(tx, ctx, input.id),
  }),
  changeLocation: operation({
    summary: "Gives a place for grants another role.",
    input: Type.Object({ id, role: Type.String() }),
    output: Location,
    effects: "write",
    errors: ["GrantsLocationNotFound"],
    async run(tx, input, ctx) {
      const location = { ...(await requireLocation(tx, ctx, input.id)), role: input.role };
      locations.put(tx, location, ctx.account, ctx.region, location.id);
      return location;
    },
  }),
  listLocations: operation({
    summary: "Lists the places for grants by id.",
    input: Type.Object({ path: Type.Optional(Type.String()), ...pageInput }),
    output: Type.Object({ found: Type.Array(Location), next: Type.Optional(id) }),
    effects: "read",
    errors: ["GrantsInstanceNotFound"],
    async run(tx, { path, ...page }, ctx) {
      await requireInstance(tx, ctx);
      const isWanted = (location: Location) => path === undefined || location.path === path;
      return listed<Location>(tx, spaces.location, ctx, page, isWanted);
    },
  }),
  deleteLocation: operation({
    summary: "Gives a place for grants up; its grants must be gone.",
    input: Type.Object({ id }),
    output: Type.Object({}),
    effects: "write",
    errors: ["GrantsLocationNotFound", "GrantsLocationNotEmpty"],
    async run(tx, input, ctx) {
      await requireLocation(tx, ctx, input.id);
      for await (const { value } of tx.scan<Grant>(spaces.grant.range(ctx.account, ctx.region))) {
        if (value.location === input.id) throw errors.GrantsLocationNotEmpty({ id: input.id });
      }
      locations.remove(tx, ctx.account, ctx.region, input.id);
      return {};
    },
  }),
};
