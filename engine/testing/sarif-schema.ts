/**
 * What of SARIF 2.1.0 a report uses, and nothing beside it: as strict as code scanning reads it.
 * Source: OASIS, Static Analysis Results Interchange Format 2.1.0, section 3
 */
const object = <P extends Readonly<Record<string, object>>>(properties: P, optional: readonly (keyof P)[] = []) => ({
  type: "object",
  additionalProperties: false,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
});
const list = (items: object, minItems = 0) => ({ type: "array", items, minItems });
const one = (value: string) => ({ const: value });
const text = { type: "string" };
const position = { type: "integer", minimum: 1 };

const location = object(
  {
    physicalLocation: object(
      {
        artifactLocation: object({ uri: { type: "string", pattern: "^[\\w.~!*'()%/:-]+$" } }),
        region: object({ startLine: position, startColumn: position, endLine: position, endColumn: position }),
      },
      ["region"],
    ),
    logicalLocations: list(
      object({ name: text, fullyQualifiedName: text, kind: one("resource"), properties: object({ type: text }) }, [
        "properties",
      ]),
      1,
    ),
  },
  ["physicalLocation", "logicalLocations"],
);

const result = object(
  {
    ruleId: text,
    ruleIndex: { type: "integer", minimum: 0 },
    level: { enum: ["error", "warning", "note"] },
    message: object({ text: { type: "string", minLength: 1 } }),
    locations: list(location, 1),
    partialFingerprints: object({ "cloudstacks/v1": { type: "string", pattern: "^[0-9a-f]{32}$" } }),
    suppressions: list(object({ kind: one("external"), status: one("accepted"), justification: text })),
  },
  ["suppressions"],
);

export const SARIF_SCHEMA = object({
  $schema: text,
  version: one("2.1.0"),
  runs: {
    ...list(
      object({
        tool: object({
          driver: object({
            name: one("CloudStacks"),
            semanticVersion: { type: "string", pattern: "^\\d+\\.\\d+\\.\\d+" },
            rules: list(object({ id: text, shortDescription: object({ text }) })),
          }),
        }),
        automationDetails: object({ id: text }),
        columnKind: one("utf16CodeUnits"),
        results: list(result),
      }),
      1,
    ),
    maxItems: 1,
  },
});
