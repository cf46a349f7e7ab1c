import { buildExpression } from "../expressions/build.ts";
import type { Expression } from "../expressions/expression.ts";
import { mapExpression } from "../expressions/map-expression.ts";
import type { Value } from "../expressions/value.ts";
import { plainValue, type SourceNode } from "../template/source-tree.ts";
import type { ExportedExtra } from "./exported.ts";
import { reductionFor, type Exporting } from "./exporting.ts";
import { withReferences } from "./found-references.ts";
import { isConstant, literalOf } from "./literal.ts";
import { residual } from "./residual.ts";
import { secretsIn } from "./secret-meanings.ts";
import type { Subject } from "./subjects.ts";

/** What constructs write of the program that a resource comes from. */
const OF_PROGRAM = new Set(["cloudstacks:path", "cloudstacks:source"]);

/** What a template says of a resource and nothing acts on, as far as it is still what the template says. */
export function exportedExtras(subject: Subject, exporting: Exporting): readonly ExportedExtra[] {
  const { record, logicalId } = subject;
  const declaration = exporting.template?.resources.get(record.logicalId);
  if (!declaration || declaration.type !== record.type) return [];
  const { metadata, conductPolicies = [] } = declaration;
  const stated = [...conductPolicies, ...(metadata ? [{ key: "Metadata", value: withoutProgram(metadata) }] : [])];
  return stated.flatMap(({ key, value: node }) => {
    const value = isEmpty(node) ? undefined : reduced(node, [logicalId, key], exporting);
    // Within a nested template names are those of that template, which the export does not have.
    const isLost = value === undefined || (logicalId !== record.logicalId && !isConstant(value));
    return isLost ? [] : [{ key, value }];
  });
}

const isEmpty = (node: SourceNode) => node.kind === "map" && node.entries.length === 0;

const withoutProgram = (node: SourceNode): SourceNode =>
  node.kind === "map" ? { ...node, entries: node.entries.filter(({ key }) => !OF_PROGRAM.has(key)) } : node;

function reduced(
  node: SourceNode,
  [owner, key]: readonly [owner: string, key: string],
  exporting: Exporting,
): Expression | undefined {
  const building = { problems: [], inCondition: false };
  const built = buildExpression(node, building);
  // Anything may stand there; what is no expression stays what it is.
  const isExpression = building.problems.length === 0;
  const said = isExpression ? residual(built, reductionFor(exporting, owner, [key])) : literalOf(plainOf(node));
  const secrets = secretsIn(exporting);
  return (
    said &&
    mapExpression(said, (part) =>
      part.kind === "literal" && typeof part.value === "string" ? withReferences(part.value, secrets) : undefined,
    )
  );
}

const plainOf = (node: SourceNode): Value => plainValue(node) as Value;
