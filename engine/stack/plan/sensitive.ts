import { parts, type Expression } from "../expressions/expression.ts";
import { isList, isMap, type Value } from "../expressions/value.ts";
import { hasReference } from "../parameters/stored-values.ts";
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
  /** The declared properties that are secret, or paths into them, as a record keeps them. */
  paths(node: Node): readonly string[];
}

interface Flows {
  readonly template: Template | undefined;
  readonly nodes: ReadonlyMap<string, Node>;
  readonly exports: ReadonlyMap<string, ExportRecord>;
}

/**
 * A `NoEcho` parameter, what a dynamic reference resolves to, a property that its type calls sensitive and an export
 * of one of these are secret, and so is all that is made from them: another resource's property, an output.
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
    if (part.kind === "parameter") return part.declaration.isSecret;
    if (part.kind !== "reference") return false;
    const node = nodes.get(part.name);
    if (!node) return template?.parameters.get(part.name)?.isSecret === true;
    return isSecretProperty(node, part.attribute?.split(".")[0] ?? node.registered?.type.ref ?? "");
  };
  /** Whether what is declared must not be shown: a dynamic reference may be, what it resolves to may not. */
  const coversDeclared = (expression: Expression): boolean => {
    for (const part of parts(expression)) if (isSecretPart(part)) return true;
    return false;
  };
  const covers = (expression: Expression): boolean => {
    for (const part of parts(expression)) if (isReferencePart(part) || isSecretPart(part)) return true;
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
    const isSecret = expression ? covers(expression) : isRecordedSecret(node, [property]);
    known.set(key, isSecret);
    return isSecret;
  };
  return {
    covers,
    masked: (node, path, value) => maskedWith(coversDeclared, node, path, value),
    maskedBefore: (node, path, value) => {
      const recorded = below(node.record?.sensitive ?? [], path);
      const shown = isMap(value) && recorded !== "all" ? maskPaths(value, recorded) : value;
      return recorded === "all" ? MASK : maskedWith(covers, node, path, shown);
    },
    paths: (node) =>
      Object.keys(node.desired ?? {}).flatMap((property) => {
        if (isSensitiveByType(node, property)) return [property];
        const expression = declaredAt(node, [property]);
        return expression ? secretPaths(expression, property, covers) : [];
      }),
  };
}

function maskedWith(by: (expression: Expression) => boolean, node: Node, path: readonly string[], value: Value): Value {
  if (isSensitiveByType(node, path[0] ?? "")) return MASK;
  const expression = declaredAt(node, path);
  return expression ? maskedBy(expression, value, by) : value;
}

const isReferencePart = (part: Expression): boolean =>
  part.kind === "literal" && typeof part.value === "string" && hasReference(part.value);

const isRecordedSecret = (node: Node, path: readonly string[]): boolean =>
  node.record?.sensitive.some((each) => each.split(".")[0] === path[0]) === true;

/** Paths to what is secret in an expression, as deep as its keys can be told apart. */
function secretPaths(expression: Expression, path: string, covers: (expression: Expression) => boolean): string[] {
  if (!covers(expression)) return [];
  if (expression.kind !== "object" || expression.entries.some(({ key }) => key.includes("."))) return [path];
  return expression.entries.flatMap(({ key, value }) => secretPaths(value, `${path}.${key}`, covers));
}

/** Of recorded paths, those that lead on from this one; `all` when it is, or is within, one of them. */
function below(recorded: readonly string[], path: readonly string[]): readonly string[] | "all" {
  const here = path.join(".");
  if (recorded.some((each) => here === each || here.startsWith(`${each}.`))) return "all";
  return recorded.flatMap((each) => (each.startsWith(`${here}.`) ? [each.slice(here.length + 1)] : []));
}

/** A map with what stands at these paths masked: `Secret`, `Labels.key`. */
export function maskPaths(values: { readonly [name: string]: Value }, paths: readonly string[]): typeof values {
  if (paths.length === 0) return values;
  const shown = Object.entries(values).map(([name, value]) => {
    const inner = below(paths, [name]);
    if (inner === "all") return [name, MASK] as const;
    return [name, inner.length > 0 ? (isMap(value) ? maskPaths(value, inner) : MASK) : value] as const;
  });
  return Object.fromEntries(shown);
}

const isSensitiveByType = (node: Node, property: string): boolean =>
  (node.registered?.type.sensitive as readonly string[] | undefined)?.includes(property) === true;

/** What is declared at a path of a resource's properties, as deep as its text goes. */
export function declaredAt(node: Node, path: readonly string[]): Expression | undefined {
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
