import { Type } from "typebox";
import type { Reader } from "../../../kernel/store.ts";
import { operation } from "../../operation.ts";
import { corsRuleFor } from "../cors.ts";
import { errors } from "../errors.ts";
import { readRules } from "../kept-documents.ts";
import { buckets, currents, partitionOf, type Bucket } from "../model.ts";
import { acceleration, corsRule } from "../rules.ts";
import { onwardFrom, pageKeyOf } from "../website.ts";

/** What visitors without an account ask of a bucket: may a page of another origin use it, what does its site show. */

const optionalText = Type.Optional(Type.String());
const onward = Type.Object({ status: Type.Number(), host: optionalText, protocol: optionalText, key: optionalText });

async function bucketOfAnyone(tx: Reader, region: string, name: string): Promise<Bucket> {
  const bucket = await buckets.get(tx, partitionOf(region), name);
  if (!bucket) throw errors.BucketNotFound({ bucket: name });
  return bucket;
}

async function holds(tx: Reader, bucket: Bucket, key: string): Promise<boolean> {
  const current = await currents.get(tx, bucket.id, key);
  return current !== undefined && !current.isDeleteMarker;
}

export const visitOperations = {
  findCorsRule: operation({
    summary: "Finds the rule of a bucket that allows a request from a page of another origin.",
    input: Type.Object({
      bucket: Type.String(),
      origin: Type.String(),
      method: Type.String(),
      headers: Type.Array(Type.String(), { description: "Lower-case." }),
    }),
    output: Type.Object({ isConfigured: Type.Boolean(), rule: Type.Optional(corsRule) }),
    effects: "read",
    errors: ["BucketNotFound"],
    async run(tx, input, ctx) {
      const rules = await readRules(tx, await bucketOfAnyone(tx, ctx.region, input.bucket), "cors");
      return { isConfigured: rules !== undefined, rule: rules && corsRuleFor(rules, input) };
    },
  }),
  findAcceleration: operation({
    summary: "Tells whether a bucket is served at its address for far clients.",
    input: Type.Object({ bucket: Type.String() }),
    output: Type.Object({ exists: Type.Boolean(), acceleration: Type.Optional(acceleration) }),
    effects: "read",
    errors: [],
    async run(tx, input, ctx) {
      const bucket = await buckets.get(tx, partitionOf(ctx.region), input.bucket);
      return { exists: bucket !== undefined, acceleration: bucket && (await readRules(tx, bucket, "acceleration")) };
    },
  }),
  visitWebsite: operation({
    summary: "Tells what a bucket's website shows at a path: an object, or where to go on to.",
    input: Type.Object({ bucket: Type.String(), path: Type.String({ description: "Without the first slash." }) }),
    output: Type.Object({
      account: Type.String(),
      region: Type.String(),
      key: Type.String({ description: "The object to show, whether it is there or not." }),
      isError: Type.Boolean({ description: "The object is what is shown instead of one that is not there." }),
      onward: Type.Optional(onward),
    }),
    effects: "read",
    errors: ["BucketNotFound", "WebsiteNotFound"],
    async run(tx, { bucket: name, path }, ctx) {
      const bucket = await bucketOfAnyone(tx, ctx.region, name);
      const site = await readRules(tx, bucket, "website");
      if (!site) throw errors.WebsiteNotFound({ bucket: name });
      const key = pageKeyOf(site, path);
      const answer = { account: bucket.account, region: bucket.region, key, isError: false };
      if (site.redirectsAll) return { ...answer, onward: { status: 301, key: path, ...site.redirectsAll } };
      const routed = onwardFrom(site, path);
      if (routed) return { ...answer, onward: routed };
      if (await holds(tx, bucket, key)) return answer;
      if (!path.endsWith("/") && path !== "" && (await holds(tx, bucket, pageKeyOf(site, `${path}/`))))
        return { ...answer, onward: { status: 302, key: `${path}/` } };
      const afterError = onwardFrom(site, path, 404);
      if (afterError) return { ...answer, onward: afterError };
      if (site.errorKey !== undefined && (await holds(tx, bucket, site.errorKey)))
        return { ...answer, key: site.errorKey, isError: true };
      return answer;
    },
  }),
};
