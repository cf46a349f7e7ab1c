import type { Reader } from "../../../../kernel/store.ts";
import type {
  S3BucketPolicyProperties as Properties,
} from "../../../../models/cloudformation/aws-s3-bucketpolicy.generated.ts";
import { objects } from "../../../../services/objects/service.ts";
import { resourceErrors } from "../../../../services/resource-errors.ts";
import type { ResourceContext } from "../../../../services/resource-type.ts";
import { awsResourceType, nativeType } from "../../resource-type.ts";
import { ifThere } from "../../wire-calls.ts";
import { recordedPaths, s3Calls } from "./calls.ts";

const TYPE = "AWS::S3::BucketPolicy";
type Context = ResourceContext<never>;
const buckets = nativeType(objects, "Bucket");

const textOf = (document: Properties["PolicyDocument"]) =>
  typeof document === "string" ? document : JSON.stringify(document);

async function stateOf(tx: Reader, bucket: string, ctx: Context) {
  const found = await ifThere(s3Calls(tx, ctx)("GetBucketPolicy", { Bucket: bucket }));
  if (found?.Policy === undefined) return undefined;
  const document = JSON.parse(found.Policy) as Properties["PolicyDocument"];
  return { id: bucket, properties: { Bucket: bucket, PolicyDocument: document }, attributes: { Bucket: bucket } };
}

async function put(tx: Reader, bucket: string, { PolicyDocument }: Properties, ctx: Context) {
  await s3Calls(tx, ctx)("PutBucketPolicy", { Bucket: bucket, Policy: textOf(PolicyDocument) });
  const state = await stateOf(tx, bucket, ctx);
  if (!state) throw resourceErrors.ResourceNotFound({ type: TYPE, id: bucket });
  return state;
}

export const bucketPolicy = awsResourceType<Properties>()({
  name: TYPE,
  summary: "The policy of a bucket; a bucket has one.",
  attributes: ["Bucket"],
  nameProperty: "Bucket",
  recordedOnly: recordedPaths("PolicyDocument", "PutBucketPolicy"),
  references: { Bucket: "AWS::S3::Bucket" },
  examples: [
    {
      title: "a policy that refuses requests without encryption",
      properties: {
        Bucket: "example-bucket",
        PolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Deny",
              Principal: "*",
              Action: "s3:*",
              Resource: "arn:aws:s3:::example-bucket/*",
              Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
          ],
        },
      },
    },
  ],
  handlers: {
    async create(tx, properties, ctx) {
      const { Bucket } = properties;
      if (await stateOf(tx, Bucket, ctx)) throw resourceErrors.ResourceExists({ type: TYPE, id: Bucket });
      return put(tx, Bucket, properties, ctx);
    },
    read: stateOf,
    update: (tx, id, properties, _previous, ctx) => put(tx, id, properties, ctx),
    async delete(tx, id, ctx) {
      if (await stateOf(tx, id, ctx)) await s3Calls(tx, ctx)("DeleteBucketPolicy", { Bucket: id });
    },
    async list(tx, ctx, page) {
      const found: string[] = [];
      let { after } = page;
      for (;;) {
        const ids = await buckets.handlers.list(tx, ctx, { ...(after !== undefined && { after }), limit: page.limit });
        for (const id of ids) if (found.length < page.limit && (await stateOf(tx, id, ctx))) found.push(id);
        after = ids.at(-1);
        if (ids.length < page.limit || found.length === page.limit) return found;
      }
    },
  },
});
