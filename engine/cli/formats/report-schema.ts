import { Type, type Static } from "typebox";
import type { Value } from "../../stack/expressions/value.ts";
import { actionSchema, closed, driftSchema, planSchema, rangeSchema } from "../../stack/plan/plan-schema.ts";
import { FINDING_SEVERITIES } from "../../stack/policy/finding.ts";
import type { DeployResult } from "../../stack/requests.ts";
import { REPORT_KINDS, type Report, type ShownDiagnostic } from "./report.ts";

/**
 * The forms of `--format json`: a report, of `preview`, `check` and `cost`, and a result, of `deploy` and `destroy`;
 * written to `docs/` by `gen`.
 */

const optional = Type.Optional;
const text = Type.String();
const texts = Type.Array(text);
const count = Type.Integer({ minimum: 0 });
const elapsed = Type.Number({ minimum: 0, description: "Milliseconds." });

const diagnostic = closed({
  code: Type.Unsafe<ShownDiagnostic["code"]>(
    Type.String({ description: "`CS1203`: see `cloudstack explain`; `terraform` for what Terraform says." }),
  ),
  severity: Type.Enum(["error", "warning"]),
  message: text,
  file: optional(text),
  range: optional(rangeSchema),
  hint: optional(Type.String({ description: "What to do." })),
});

const cause = closed({ logicalId: optional(text), code: text, message: text });

const remaining = closed({ logicalId: text, id: text, code: text, message: text });

const output = closed({
  value: Type.Unsafe<Value>(Type.Unknown({ description: 'Any JSON value; "****" when it is secret.' })),
  description: optional(text),
  exportName: optional(text),
  isSensitive: optional(Type.Boolean()),
});

const status = Type.Enum(["deployed", "unchanged", "rolled-back", "rollback-failed", "kept", "refused"], {
  description:
    "rolled-back: it failed and is as it was. kept: it failed and what was done is left. refused: nothing was touched.",
});

const pathStep = closed({ logicalId: text, waitedMs: elapsed, tookMs: elapsed });

const ended = {
  status,
  deploymentId: optional(text),
  serial: optional(Type.Integer({ minimum: 0, description: "Of the stack after it." })),
  outputs: optional(Type.Record(Type.String(), output)),
  cause: optional(cause),
  remaining: optional(Type.Array(remaining, { description: "What could not be undone, or removed." })),
  skipped: optional(Type.Array(closed({ logicalId: text, id: text }))),
};

export const resultSchema = Type.Object(
  {
    version: Type.Literal(1),
    ...ended,
    diagnostics: Type.Array(diagnostic),
    plan: optional(planSchema),
    timings: optional(closed({ elapsedMs: elapsed, criticalPath: Type.Array(pathStep) })),
  },
  { title: "How a deployment of CloudStacks ended, version 1", additionalProperties: false },
);

const { kind, file, changes, outputs, drift, summary, isEmpty } = planSchema.properties;

const stack = closed({
  stack: text,
  diagnostics: Type.Array(diagnostic),
  plan: optional(closed({ kind, serial: optional(count), file, changes, outputs, drift, summary, isEmpty })),
  awaits: optional(Type.Array(text, { description: "The stacks that must be deployed before it can be planned." })),
  drift: optional(driftSchema),
  result: optional(closed({ ...ended, elapsedMs: optional(elapsed), criticalPath: optional(Type.Array(pathStep)) })),
  steps: optional(
    Type.Array(
      closed({
        logicalId: text,
        type: optional(text),
        action: actionSchema,
        status: Type.Enum(["done", "failed", "skipped", "undone", "not-undone"]),
        elapsedMs: optional(elapsed),
        cause: optional(cause),
      }),
    ),
  ),
});

const finding = closed({
  rule: Type.String({ description: "`public-access`" }),
  severity: Type.Enum(FINDING_SEVERITIES),
  stack: optional(text),
  resource: optional(Type.String({ description: "Its logical id, or its address in a Terraform configuration." })),
  type: optional(text),
  path: optional(text),
  file: optional(text),
  range: optional(rangeSchema),
  message: text,
  hint: optional(text),
  waived: optional(closed({ reason: text, expires: Type.String({ description: "The last day it holds, in UTC." }) })),
});

const monthly = closed({
  amount: optional(Type.Number({ description: "Absent when nothing of it is known: unknown is not zero." })),
  items: Type.Array(
    closed({ what: text, quantity: Type.Number(), unit: text, price: Type.Number(), amount: Type.Number() }),
  ),
  unknown: Type.Array(closed({ what: text, why: text })),
});

const total = closed({ amount: Type.Number(), unknown: count });

const cost = closed({
  version: Type.Literal(1),
  currency: Type.Literal("USD"),
  pricesAsOf: text,
  usageFile: optional(text),
  resources: Type.Array(
    closed({
      stack: text,
      resource: text,
      type: text,
      action: actionSchema,
      before: optional(monthly),
      after: optional(monthly),
      file: optional(text),
      range: optional(rangeSchema),
    }),
  ),
  before: total,
  after: total,
});

export const reportSchema = Type.Object(
  {
    version: Type.Literal(1),
    kind: Type.Enum(REPORT_KINDS),
    subject: Type.String({ description: "What it is about, the same from run to run." }),
    base: optional(text),
    head: optional(text),
    state: optional(text),
    stacks: Type.Array(stack),
    findings: optional(Type.Array(finding, { description: "Absent when nothing was checked." })),
    cost: optional(cost),
    operations: optional(
      Type.Array(closed({ cloud: text, service: text, operation: text, resource: text, count })),
    ),
    notes: optional(texts),
    elapsedMs: optional(elapsed),
    details: optional(text),
  },
  { title: "A report of CloudStacks, version 1", additionalProperties: false },
);

/** The interfaces and the schemas say the same, or this does not compile. */
export const asReport = (report: Static<typeof reportSchema>): Report => report;
export const asResult = (result: Static<typeof resultSchema>): Omit<DeployResult, "diagnostics"> => result;
