import { parts, type Expression } from "../expressions/expression.ts";
import { isList, isMap, type Value } from "../expressions/value.ts";
import type { ExportRecord } from "../state/model.ts";
import type { Template } from "../template/template.ts";
import type { Node } from "./graph.ts";

export const MASK = "****";

/** What must not be shown, and where it flows: worked out once for a plan. */
export interface Secrecy {
  /** Whether any part of an expression's value must not be shown. */
  covers(expression: Expression): boolean;
  /** A declared value with everything secret in it masked, as deep as the declaration tells the parts apart. */
  masked(node: Node, path: readonly string[], value: Value): Value;
  /** A value as it was, live or recorded: masked where the record or the declaration says that it is secret. */
  maskedBefore(node: Node, path: readonly string[], value: Value): Value;
  /** Names of declared properties that hold something secret. */
  properties(node: Node): readonly string[];
}

interface Flows {
  readonly template: Template | undefined;
  readonly nodes: ReadonlyMap<string, Node>;
  readonly exports: ReadonlyMap<string, ExportRecord>;
}

/**
 * A `NoEcho` parameter, a property that its type calls sensitive and an export of either are secret, and so is all
 * that is made from them: another resource's property, an output.
 */
export function secrecyOf({ template, nodes, exports }: Flows): Secrecy {
  const known = new Map<string, boolean>();
  const hasSecretExport = [...exports.values()].some((each) => each.isSensitive);

  const isSecretPart = (part: Expression): boolean => {
    if (part.kind === "call" && part.function === "Fn::ImportValue") {
      const [name] = part.arguments;
      if (name?.kind !== "literal") return hasSecretExport;
      return exports.get(String(name.value))?.isSensitive === true;
    }
    if (part.kind !== "reference") return false;
    const node = nodes.get(part.name);
    if (!node) return template?.parameters.get(part.name)?.isSecret === true;
    return isSecretProperty(node, part.attribute?.split(".")[0] ?? node.registered?.type.ref ?? "");
  };
  const covers = (expression: Expression): boolean => {
    for (const part of parts(expression)) if (isSecretPart(part)) return true;
    return false;
  };
  const isSecretProperty = (node: Node, property: string): boolean => {
    if (isSensitiveByType(node, property)) return true;
    const key = `${node.logicalId}.${property}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    // Two resources that refer to each other are refused elsewhere; here they must only come to an end.
    known.set(key, false);
    const expression = declaredAt(node, [property]);
    const isSecret = expression ? covers(expression) : node.record?.sensitive.includes(property) === true;
    known.set(key, isSecret);
    return isSecret;
  };
  const masked = (node: Node, path: readonly string[], value: Value): Value => {
    if (isSensitiveByType(node, path[0] ?? "")) return MASK;
    const expression = declaredAt(node, path);
    return expression ? maskedBy(expression, value, covers) : value;
  };
  return {
    covers,
    masked,
    maskedBefore: (node, path, value) =>
      node.record?.sensitive.includes(path[0] ?? "") ? MASK : masked(node, path, value),
    properties: (node) => Object.keys(node.desired ?? {}).filter((property) => isSecretProperty(node, property)),
  };
}

const isSensitiveByType = (node: Node, property: string): boolean =>
  (node.registered?.type.sensitive as readonly string[] | undefined)?.includes(property) === true;

/** What is declared at a path of a resource's properties, as deep as its text goes. */
function declaredAt(node: Node, path: readonly string[]): Expression | undefined {
  let at: Expression | undefined = node.declaration?.properties;
  for (const step of path) {
    if (at?.kind !== "object") return at;
    at = at.entries.find((entry) => entry.key === step)?.value;
  }
  return at;
}

function maskedBy(expression: Expression, value: Value, covers: (expression: Expression) => boolean): Value {
  if (!covers(expression)) return value;
  if (expression.kind === "object" && isMap(value)) {
    const declared = new Map(expression.entries.map((entry) => [entry.key, entry.value]));
    const inner = Object.entries(value).map(([key, each]) => {
      const part = declared.get(key);
      return [key, part ? maskedBy(part, each, covers) : each] as const;
    });
    return Object.fromEntries(inner);
  }
  if (expression.kind === "list" && isList(value) && value.length === expression.items.length) {
    return value.map((each, index) => maskedBy(expression.items[index] as Expression, each, covers));
  }
  return MASK;
}
