import { problem, type Problem } from "../../diagnostics/diagnostic.ts";
import { evaluate } from "../../expressions/evaluate.ts";
import type { Environment } from "../../expressions/environment.ts";
import { spanAt } from "../../expressions/expression.ts";
import type { Value } from "../../expressions/value.ts";
import type { ResourceDeclaration } from "../../template/template.ts";
import type { RegisteredType } from "../../registry/registry.ts";
import type { ResourceRecord } from "../../state/model.ts";
import { checkedProperties } from "../checked-properties.ts";
import { differencesOf, isReadBack } from "../differences.ts";
import type { Node, Pass } from "../graph.ts";
import { plannedEnvironment } from "../planned-environment.ts";
import { withStackTags, type Tags } from "../stack-tags.ts";

/**
 * Along the order, because what a resource will be follows from what its dependencies will be: works out the declared
 * properties as far as they are known, checks them, compares them, and decides. A dependant of something new sees its
 * id as unknown here, and so is changed or replaced in turn.
 */
export const changes: Pass = (graph, input) => {
  const { template } = input;
  if (!template) return graph;
  const problems: Problem[] = [...graph.problems];
  const nodes = new Map<string, Node>(graph.nodes);
  const environment = plannedEnvironment({ ...input, template }, nodes, (each) => problems.push(each));
  const ordered = new Set(graph.order);
  // After a circle some nodes have no place in the order; their properties are checked all the same.
  const all = [
    ...graph.order,
    ...(graph.order.length < nodes.size ? [...nodes.keys()].filter((id) => !ordered.has(id)) : []),
  ];
  for (const id of all) {
    const node = nodes.get(id);
    if (node?.declaration && node.registered) {
      nodes.set(id, decided(node, node.declaration, node.registered, environment, input.tags, problems));
    }
  }
  return { ...graph, nodes, problems };
};

/** Works out and checks a declaration's properties. */
export function desiredProperties(
  declaration: ResourceDeclaration,
  registered: RegisteredType,
  environment: Environment,
  tags: Tags,
  problems: Problem[],
) {
  const given = { ...tags, ...declaration.tags };
  const value = withStackTags(evaluate(declaration.properties, environment) ?? {}, registered.type, given);
  // A resource without properties is pointed at by its type.
  const spanOf = (path: readonly (string | number)[], wanted: "key" | "value") =>
    path.length === 0 ? declaration.span : spanAt(declaration.properties, path, wanted);
  return checkedProperties(registered.type, value, spanOf, problems);
}

function decided(
  node: Node,
  declaration: ResourceDeclaration,
  registered: RegisteredType,
  environment: Environment,
  tags: Tags,
  problems: Problem[],
): Node {
  const desired = desiredProperties(declaration, registered, environment, tags, problems);
  const { record, live } = node;
  if (node.isImported && record) return imported(node, declaration, record, registered, desired, problems);
  if (!record) return { ...node, desired, action: "create", reasons: ["new in the template"] };
  if (live === "gone") return { ...node, desired, action: "create", reasons: ["it was deleted outside this stack"] };
  if (record.type !== declaration.type) {
    return { ...node, desired, action: "replace", reasons: [`its type changes from ${record.type}`] };
  }
  const { differences, restored } = differencesOf(registered.type, desired, record, live);
  const forcing = [...new Set(differences.filter((each) => each.forcesReplacement).map((each) => each.path[0] ?? ""))];
  if (forcing.length > 0) {
    return {
      ...node,
      desired,
      differences,
      action: "replace",
      reasons: [`${forcing.join(", ")} cannot be changed in place`],
    };
  }
  if (differences.length === 0) {
    return node.movedFrom === undefined
      ? { ...node, desired, action: "none" }
      : { ...node, desired, action: "rename", reasons: [`it was called ${node.movedFrom}`] };
  }
  const isDriftOnly = differences.every((each) => each.cause === "drift");
  return {
    ...node,
    desired,
    differences,
    restored,
    action: "update",
    reasons: [isDriftOnly ? "it was changed outside this stack" : "its properties change"],
  };
}

/**
 * Taken over as it is, and changed to what is declared where they differ. What could only be replaced is refused: the
 * point of an import is to keep what exists.
 */
function imported(
  node: Node,
  declaration: ResourceDeclaration,
  record: ResourceRecord,
  registered: RegisteredType,
  desired: { readonly [name: string]: Value },
  problems: Problem[],
): Node {
  const live = node.live === "gone" ? undefined : node.live;
  const found = differencesOf(registered.type, desired, record, live);
  // What is never read back cannot be compared: as far as anybody can tell it is as declared.
  const differences = found.differences.filter(
    ({ path: [property = ""], forcesReplacement }) => !forcesReplacement || isReadBack(registered.type, property),
  );
  for (const { path, old, forcesReplacement } of differences) {
    if (!forcesReplacement) continue;
    const name = path.join(".");
    problems.push(
      problem(
        "CS2011",
        `${name} of ${record.id} is ${JSON.stringify(old ?? null)} and cannot be changed in place`,
        spanAt(declaration.properties, path),
        `declare ${name} as it is`,
      ),
    );
  }
  const changed = differences.length > 0 ? ", and is changed to what is declared" : "";
  const reasons = [`${record.id} becomes part of the stack${changed}`];
  return { ...node, desired, differences, action: "import", reasons };
}
