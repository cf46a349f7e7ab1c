import { Type, type Static, type TProperties } from "typebox";
import type { DriftReport } from "./drift.ts";
import { ACTIONS, type Plan } from "./plan.ts";

/** The forms of `cloudstack plan --format json` and `cloudstack drift --format json`; written to `docs/` by `gen`. */

export const closed = <P extends TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });
const optional = Type.Optional;
const texts = Type.Array(Type.String());
const byName = Type.Record(Type.String(), Type.String());

export const rangeSchema = closed({
  line: Type.Integer({ minimum: 1 }),
  column: Type.Integer({ minimum: 1 }),
  endLine: Type.Integer({ minimum: 1 }),
  endColumn: Type.Integer({ minimum: 1, description: "Exclusive." }),
  file: Type.Optional(Type.String({ description: "The nested template it is in, as it is named." })),
  program: Type.Optional(
    Type.String({ description: "The program that made the template: line and column are of that." }),
  ),
});

const value = Type.Unknown({
  description:
    'Any JSON value. What is not known yet is {"knownAfterApply": "Net.CIDRBlock"}, a text of which parts are known ' +
    'has its "pieces" as well, and what is secret is "****".',
});

export const actionSchema = Type.Enum(ACTIONS);

const reference = Type.Union([
  closed({ parameter: Type.String() }),
  closed({ resource: Type.String(), attribute: optional(Type.String()) }),
]);

const property = closed({
  path: Type.String({ description: "`Labels.tier`: as deep as the difference goes." }),
  old: optional(value),
  new: optional(value),
  cause: Type.Union([Type.Literal("template"), Type.Literal("drift")]),
  forcesReplacement: Type.Boolean(),
  isKnownAfterApply: Type.Boolean(),
  isSensitive: Type.Boolean(),
  references: optional(Type.Array(reference)),
  range: optional(rangeSchema),
});

const change = closed({
  logicalId: Type.String(),
  type: Type.String(),
  action: actionSchema,
  movedFrom: optional(Type.String({ description: "Its logical id before: it is renamed, whatever else happens." })),
  id: optional(Type.String({ description: "The resource's id now." })),
  name: optional(Type.String()),
  reasons: texts,
  properties: Type.Array(property),
  dependencies: texts,
  range: optional(rangeSchema),
});

const output = closed({
  name: Type.String(),
  old: optional(value),
  new: optional(value),
  isKnownAfterApply: Type.Boolean(),
  isSensitive: Type.Boolean(),
});

const drift = closed({
  logicalId: Type.String(),
  type: Type.String(),
  id: Type.String(),
  isGone: Type.Boolean(),
  path: optional(Type.String()),
  recorded: optional(value),
  live: optional(value),
});

const count = Type.Integer({ minimum: 0 });
const countsOf = <const Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, count])) as Record<Name, typeof count>;

export const planSchema = Type.Object(
  {
    version: Type.Literal(1),
    kind: Type.Union([Type.Literal("deploy"), Type.Literal("destroy")]),
    account: Type.String(),
    region: Type.String(),
    stack: Type.String(),
    serial: Type.Integer({ minimum: 0, description: "Of the stack it was made from; 0 when there is none." }),
    file: Type.String(),
    template: Type.String({ description: "The template's text; empty for a destruction." }),
    parameters: byName,
    secrets: optional(closed({ names: texts, proof: Type.String() })),
    tags: byName,
    targets: texts,
    imports: byName,
    renames: byName,
    isRefreshed: Type.Boolean(),
    changes: Type.Array(change),
    outputs: Type.Array(output),
    drift: Type.Array(drift),
    summary: closed(countsOf(ACTIONS)),
    isEmpty: Type.Boolean(),
    hash: Type.String({ pattern: "^[0-9a-f]{64}$", description: "SHA-256 of the rest, in canonical JSON." }),
  },
  { title: "A plan of CloudStacks, version 1", additionalProperties: false },
);

const status = Type.Enum(["IN_SYNC", "MODIFIED", "DELETED", "NOT_CHECKED"]);

export const driftSchema = Type.Object(
  {
    version: Type.Literal(1),
    stack: Type.String(),
    serial: Type.Integer({ minimum: 1 }),
    file: Type.String(),
    status: Type.Union([Type.Literal("IN_SYNC"), Type.Literal("DRIFTED")]),
    summary: closed(countsOf(["IN_SYNC", "MODIFIED", "DELETED", "NOT_CHECKED"])),
    resources: Type.Array(
      closed({
        logicalId: Type.String(),
        type: Type.String(),
        id: Type.String(),
        status,
        dependencies: texts,
        properties: Type.Array(
          closed({
            path: Type.String(),
            status: Type.Enum(["IN_SYNC", "MODIFIED", "DELETED", "ADDED"]),
            recorded: optional(value),
            live: optional(value),
          }),
        ),
      }),
    ),
  },
  { title: "What was changed outside a stack, version 1", additionalProperties: false },
);

/** The interfaces and the schemas say the same, or this does not compile. */
export const asPlan = (plan: Static<typeof planSchema>): Plan => plan;
export const asDriftReport = (report: Static<typeof driftSchema>): DriftReport => report;
