import { Type } from "typebox";
import { operation } from "../../operation.ts";
import { keepRecord } from "../access-log.ts";
import { pointOf } from "../access-points.ts";
import { bucketErrors, requireBucket } from "../bucket-access.ts";
import { readRules } from "../kept-documents.ts";
import { buckets, keys, partitionOf } from "../model.ts";
import { bucketRef } from "../schemas.ts";

const point = Type.Object({ name: Type.String(), account: Type.String(), region: Type.String() });

export const accessLogOperations = {
  listLoggedBuckets: operation({
    summary: "Lists the buckets that log their requests, of every account.",
    input: Type.Object({}),
    output: Type.Object({ buckets: Type.Array(Type.String()) }),
    effects: "read",
    errors: [],
    async run(tx) {
      const found: string[] = [];
      for await (const { key } of tx.scan(keys.loggedBucket.range())) found.push(keys.loggedBucket.parts(key)[1]);
      return { buckets: found };
    },
  }),
  findAccessLog: operation({
    summary: "Tells whose requests a name of a bucket or an access point leads to, where the bucket logs them.",
    input: Type.Object({ bucket: Type.String() }),
    output: Type.Object({
      log: Type.Optional(
        Type.Object({ bucket: Type.String(), account: Type.String(), accessPoint: Type.Optional(point) }),
      ),
    }),
    effects: "read",
    errors: [],
    async run(tx, input, ctx) {
      const partition = partitionOf(ctx.region);
      const named = await buckets.get(tx, partition, input.bucket);
      const through = named ? undefined : await pointOf(tx, ctx, input.bucket);
      const bucket = named ?? (through && (await buckets.get(tx, partition, through.bucket)));
      if (!bucket || !(await readRules(tx, bucket, "logging"))) return {};
      const { name, account } = bucket;
      return { log: { bucket: name, account, ...(through && { accessPoint: through.id }) } };
    },
  }),
  keepAccessRecord: operation({
    summary: "Adds a line to a bucket's access log, where it has one.",
    input: Type.Object({ ...bucketRef, text: Type.String({ description: "In its cloud's own form." }) }),
    output: Type.Object({}),
    effects: "write",
    errors: bucketErrors,
    async run(tx, input, ctx) {
      await keepRecord(tx, ctx, await requireBucket(tx, ctx, input), input.text);
      return {};
    },
  }),
};
