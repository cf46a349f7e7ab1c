import fc from "fast-check";
import type { Report, StackReport, StepReport } from "../cli/formats/report.ts";
import { ACTIONS, type PropertyChange, type ResourceChange } from "../stack/plan/plan.ts";
import { FINDING_SEVERITIES, type Finding } from "../stack/policy/finding.ts";

/** Reports whose names and values are what breaks documents: markup, fences, separators, halves of characters. */

const TRAPS = [
  "|", "`", "```", "\n", "\r\n", "<", ">", "</details>", "<script>", "&amp;", "]]>", "--", "-->", '"', "'", "\\", "*",
  "_", "@team", "#12", "[x](y)", "$a$", "\u0000", "\u202e", "\ud800", "😀", "%%", ";", "{", "}", "é", " ", "Net",
] as const;

const nasty = fc
  .array(fc.oneof(fc.constantFrom(...TRAPS), fc.string({ maxLength: 6 })), { minLength: 1, maxLength: 8 })
  .map((pieces) => pieces.join(""));

const range = fc.nat({ max: 5000 }).map((line) => ({ line: line + 1, column: 1, endLine: line + 1, endColumn: 4 }));

const property: fc.Arbitrary<PropertyChange> = fc.record(
  {
    path: nasty,
    old: fc.oneof(nasty, fc.jsonValue({ maxDepth: 2 })),
    new: fc.oneof(nasty, fc.constant({ knownAfterApply: "Net" })),
    cause: fc.constantFrom("template", "drift"),
    forcesReplacement: fc.boolean(),
    isKnownAfterApply: fc.boolean(),
    isSensitive: fc.boolean(),
    range,
  },
  { requiredKeys: ["path", "cause", "forcesReplacement", "isKnownAfterApply", "isSensitive"] },
);

const change = (logicalId: string, others: readonly string[]): fc.Arbitrary<ResourceChange> =>
  fc.record(
    {
      logicalId: fc.constant(logicalId),
      type: nasty,
      action: fc.constantFrom(...ACTIONS),
      id: nasty,
      reasons: fc.array(nasty, { maxLength: 2 }),
      properties: fc.array(property, { maxLength: 4 }),
      dependencies: fc.subarray([...others]),
      range,
    },
    { requiredKeys: ["logicalId", "type", "action", "reasons", "properties", "dependencies"] },
  );

const step = ({ logicalId, type, action }: ResourceChange): fc.Arbitrary<StepReport> =>
  fc.record(
    {
      logicalId: fc.constant(logicalId),
      type: fc.constant(type),
      action: fc.constant(action),
      status: fc.constantFrom("done", "failed", "skipped", "undone", "not-undone"),
      elapsedMs: fc.nat({ max: 100_000 }),
      cause: fc.record({ code: nasty, message: nasty }),
    },
    { requiredKeys: ["logicalId", "type", "action", "status"] },
  );

const output = fc.record({
  name: nasty,
  old: nasty,
  new: nasty,
  isKnownAfterApply: fc.boolean(),
  isSensitive: fc.boolean(),
});

const stack: fc.Arbitrary<StackReport> = fc
  .uniqueArray(nasty, { maxLength: 12 })
  .chain((names) => fc.tuple(...names.map((name, index) => change(name, names.slice(0, index)))))
  .chain((changes) =>
    fc.record(
      {
        stack: nasty,
        diagnostics: fc.array(
          fc.record({
            code: fc.constantFrom("CS1203", "CS1107", "terraform"),
            severity: fc.constantFrom("error", "warning"),
            message: nasty,
            file: nasty,
            range,
          }),
          { maxLength: 3 },
        ),
        plan: fc.record({
          kind: fc.constantFrom("deploy", "destroy"),
          file: nasty,
          changes: fc.constant(changes),
          outputs: fc.array(output, { maxLength: 3 }),
          drift: fc.constant([]),
          summary: fc.constant(
            Object.fromEntries(
              ACTIONS.map((action) => [action, changes.filter((each) => each.action === action).length]),
            ) as Record<(typeof ACTIONS)[number], number>,
          ),
          isEmpty: fc.constant(changes.length === 0),
        }),
        result: fc.record({
          status: fc.constantFrom("deployed", "unchanged", "rolled-back", "rollback-failed", "kept", "refused"),
        }),
        steps: fc.tuple(...changes.map(step)),
        awaits: fc.array(nasty, { minLength: 1, maxLength: 2 }),
      },
      { requiredKeys: ["stack", "diagnostics", "plan"] },
    ),
  );

const finding: fc.Arbitrary<Finding> = fc.record(
  {
    rule: nasty,
    severity: fc.constantFrom(...FINDING_SEVERITIES),
    resource: nasty,
    path: nasty,
    file: nasty,
    range,
    message: nasty,
    hint: nasty,
    waived: fc.record({ reason: nasty, expires: fc.constant("2031-01-31") }),
  },
  { requiredKeys: ["rule", "severity", "message"] },
);

export const reportArbitrary: fc.Arbitrary<Report> = fc.record(
  {
    version: fc.constant(1),
    kind: fc.constantFrom("plan", "deploy", "preview", "check"),
    subject: nasty,
    base: nasty,
    head: nasty,
    stacks: fc.array(stack, { maxLength: 3 }),
    findings: fc.array(finding, { maxLength: 4 }),
    notes: fc.array(nasty, { maxLength: 2 }),
    elapsedMs: fc.nat(),
    details: nasty,
  },
  { requiredKeys: ["version", "kind", "subject", "stacks"] },
);
