import { describe, expect, test } from "vitest";
import { costOf } from "../cost/cost-of.ts";
import { BUILT_IN_RULES } from "../policy/built-in.ts";
import { checkPolicies } from "../policy/check.ts";
import { readPolicyFiles } from "../policy/policy-file.ts";
import type { TerraformPlanJson, TerraformResourceChange } from "./plan-json.ts";
import { terraformResources } from "./planned-resources.ts";

const OPEN = JSON.stringify({ Statement: { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage" } });

const created = (type: string, name: string, after: object, unknown: object = {}): TerraformResourceChange => ({
  address: `${type}.${name}`,
  mode: "managed",
  type,
  name,
  change: { actions: ["create"], before: null, after, after_unknown: unknown, after_sensitive: {} },
});

const PLAN: TerraformPlanJson = {
  format_version: "1.2",
  resource_changes: [
    created("aws_s3_bucket", "site", { bucket: "site", tags: { team: "shop" } }, { id: true }),
    created(
      "aws_s3_bucket_versioning",
      "site",
      { versioning_configuration: [{ status: "Enabled" }] },
      { bucket: true },
    ),
    created("aws_s3_bucket_acl", "site", { bucket: "site", acl: "public-read" }),
    created("aws_s3_bucket", "plain", { bucket: "plain" }),
    created("aws_s3_bucket_public_access_block", "plain", { bucket: "plain", block_public_acls: true }),
    created("aws_sqs_queue", "jobs", { name: "jobs", policy: OPEN, tags: {} }, { arn: true }),
    {
      ...created("aws_dynamodb_table", "items", {}),
      change: {
        actions: ["delete", "create"],
        before: { name: "items", billing_mode: "PROVISIONED", read_capacity: 5, write_capacity: 5 },
        after: { name: "items-2", billing_mode: "PAY_PER_REQUEST", point_in_time_recovery: [{ enabled: true }] },
        after_unknown: {},
      },
    },
    { ...created("aws_sns_topic", "gone", {}), change: { actions: ["delete"], before: { name: "gone" }, after: null } },
  ],
  configuration: {
    root_module: {
      resources: [
        { address: "aws_s3_bucket.site" },
        {
          address: "aws_s3_bucket_versioning.site",
          expressions: { bucket: { references: ["aws_s3_bucket.site.id", "aws_s3_bucket.site"] } },
        },
      ],
    },
  },
};
const placeOf = (address: string) => ({
  line: address.length,
  column: 1,
  endLine: address.length,
  endColumn: 2,
  program: "infra/main.tf",
});
const resources = terraformResources(PLAN, { stack: "infra", region: "us-east-1", placeOf });

describe("a plan of Terraform's", () => {
  test("is checked as a template is, settings of a bucket counting as the bucket's", async () => {
    const set = { rules: BUILT_IN_RULES, waivers: [], severities: {} };
    const findings = await checkPolicies(resources, set, "2026-11-21");
    expect(findings.map(({ severity, rule, resource }) => `${severity} ${rule} ${resource}`)).toEqual([
      "error public-access aws_s3_bucket.site",
      "warning public-access-block aws_s3_bucket.plain",
      "warning unversioned aws_s3_bucket.plain",
      "error public-access aws_sqs_queue.jobs",
      "note untagged aws_sqs_queue.jobs",
      "error replaces-data aws_dynamodb_table.items",
    ]);
    expect(findings[0]).toMatchObject({ file: "infra/main.tf", range: { line: 18 }, type: "aws_s3_bucket" });
    expect(findings[0]).not.toHaveProperty("path");
  });

  test("can be asked in Terraform's words and in those of templates", async () => {
    const text = `rules:
  - {name: terraform, on: aws_sqs_queue, require: {name: {matches: "shop-.*"}}}
  - {name: template, on: AWS::SQS::Queue, forbid: {Policy: {exists: true}}}
  - {name: known, on: aws_s3_bucket_versioning, require: {bucket: site}}
`;
    const { set } = readPolicyFiles([{ file: "policy.yaml", text }], []);
    const findings = await checkPolicies(resources, set, "2026-11-21");
    expect(findings.map(({ severity, rule, resource }) => `${severity} ${rule} ${resource}`)).toEqual([
      "note known aws_s3_bucket_versioning.site",
      "error terraform aws_sqs_queue.jobs",
      "error template aws_sqs_queue.jobs",
    ]);
  });

  test("is priced as a template is", () => {
    const table = { storageGb: 10, readUnits: 0, writeUnits: 0 };
    const usage = { defaults: { "AWS::DynamoDB::Table": table }, resources: {} };
    const costs = new Map(costOf(resources, usage).resources.map((each) => [each.resource, each]));
    // 5 x 730 x 0.00065 + 5 x 730 x 0.00013 + 10 x 0.25 -> 10 x 0.25 + 10 x 0.2
    expect(costs.get("aws_dynamodb_table.items")).toMatchObject({ before: { amount: 5.347 }, after: { amount: 4.5 } });
    expect(costs.get("aws_s3_bucket_acl.site")?.after).toEqual({ amount: 0, items: [], unknown: [] });
  });

  test("shows no secret", () => {
    const secret: TerraformPlanJson = {
      format_version: "1.2",
      resource_changes: [
        {
          ...created("aws_ssm_parameter", "password", {}),
          change: {
            actions: ["update"],
            before: { value: "old-secret" },
            after: { value: "new-secret", name: "p" },
            before_sensitive: { value: true },
            after_sensitive: { value: true },
            after_unknown: { version: true },
          },
        },
      ],
    };
    const [parameter] = terraformResources(secret, { stack: "s", region: "us-east-1", placeOf: () => undefined });
    expect(parameter).toEqual({
      stack: "s",
      region: "us-east-1",
      logicalId: "aws_ssm_parameter.password",
      type: "aws_ssm_parameter",
      action: "update",
      before: { value: "****" },
      after: { value: "****", name: "p", version: { knownAfterApply: "version" } },
    });
  });
});
