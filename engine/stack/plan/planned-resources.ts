import { isObject } from "../../platform/is-object.ts";
import type { TagsProperty } from "../../services/resource-type.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import type { SourceRange } from "../diagnostics/source-range.ts";
import { fileOf, locator } from "../diagnostics/source.ts";
import { spanAt, type Expression } from "../expressions/expression.ts";
import { equalValues, isUnknown, type Value } from "../expressions/value.ts";
import type { Properties, ResourceRecord } from "../state/model.ts";
import { plainValue as plainTree } from "../template/source-tree.ts";
import { isKeptBy, type DeletionPolicy } from "../template/template.ts";
import type { Node } from "./graph.ts";
import type { Planned } from "./make-plan.ts";
import { plainValue } from "./plan.ts";
import { tagsByKey, type PlannedProperties, type PlannedResource } from "./planned-resource.ts";

/** Every resource of a plan, in the plan's order. Pure. */
export function plannedResources({ graph, plan, secrecy }: Planned): readonly PlannedResource[] {
  const locate = locator(plan.template);
  const shown = (mask: typeof secrecy.masked, node: Node, properties: Properties): PlannedProperties =>
    Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [name, plainValue(mask(node, [name], value))]),
    );
  return [...graph.nodes.values()].map((node): PlannedResource => {
    const { declaration, record } = node;
    const [before, after] = [propertiesBefore(node), propertiesAfter(node)];
    const range = declaration && locate(declaration.span);
    const metadata = declaration?.metadata && plainTree(declaration.metadata);
    return {
      stack: plan.stack,
      region: plan.region,
      logicalId: node.logicalId,
      type: declaration?.type ?? record?.type ?? "",
      ...(declaration && record && record.type !== declaration.type && { typeBefore: record.type }),
      action: node.action,
      ...(before && { before: shown(secrecy.maskedBefore, node, before) }),
      ...(after && { after: shown(after === before ? secrecy.maskedBefore : secrecy.masked, node, after) }),
      ...tagsOf(node, after),
      ...(record && outlives(record.deletionPolicy) && { outlivesDeletion: true }),
      ...(declaration && outlives(declaration.updateReplacePolicy) && { outlivesReplacement: true }),
      ...(isObject(metadata) && { metadata }),
      ...(range && { file: fileOf(plan.file, range), range }),
      ...(declaration && node.desired && { ranges: rangesOf(declaration.properties, node.desired, locate) }),
    };
  });
}

/** Tags by key, whichever form the type has them in. */
function tagsOf({ registered }: Node, after: Properties | undefined): Pick<PlannedResource, "tags"> {
  const tags = registered?.type.tags as TagsProperty | undefined;
  if (!tags || !after) return {};
  return { tags: plainValue(tagsByKey(after[tags.property])) as NonNullable<PlannedResource["tags"]> };
}

const outlives = (policy: DeletionPolicy): boolean => isKeptBy(policy) || policy === "Snapshot";

/** As it was declared, and as it is where somebody has changed it since. */
function propertiesBefore({ record, live, isImported }: Node): Properties | undefined {
  if (!record || live === "gone") return undefined;
  if (isImported) return record.live;
  const drifted = Object.entries(live?.properties ?? {}).filter(
    ([name, value]) => value !== undefined && !equalValues(value, record.live[name]),
  );
  return { ...declaredBefore(record), ...Object.fromEntries(drifted) };
}

/** A record without declared properties is of something that was taken over: it is as it is. */
const declaredBefore = ({ properties, live }: ResourceRecord): Properties =>
  Object.keys(properties).length === 0 ? live : properties;

function propertiesAfter(node: Node): Properties | undefined {
  if (node.action === "delete" || node.action === "retain") return undefined;
  return node.desired ?? propertiesBefore(node);
}

/** Where each part of a value is declared, as deep as its text goes. */
function rangesOf(properties: Expression, value: Value, locate: (span: Span) => SourceRange) {
  const found: Record<string, SourceRange> = {};
  const visit = (path: readonly (string | number)[], inner: Value) => {
    if (path.length > 0) {
      const span = spanAt(properties, path, "key");
      if (span !== properties.span) found[path.join(".")] = locate(span);
    }
    if (typeof inner !== "object" || inner === null || isUnknown(inner)) return;
    const isList = Array.isArray(inner);
    for (const [key, each] of Object.entries(inner as Record<string, Value>))
      visit([...path, isList ? Number(key) : key], each);
  };
  visit([], value);
  return found;
}
