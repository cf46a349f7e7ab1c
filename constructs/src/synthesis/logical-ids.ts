import type { IConstruct } from "constructs";
import { requireStack } from "./stack-boundary.ts";

/** Ids that say nothing: the one thing that its parent is about. */
const SILENT = new Set(["Resource", "Default"]);
const LENGTH_MAX = 255;

/**
 * The name that a construct has in its stack's template: the ids on the way to it, joined. `orders/dead-letters`
 * becomes `ordersDeadLetters`, so that what a plan prints is what the author wrote.
 */
export function logicalIdOf(construct: IConstruct): string {
  const stack = requireStack(construct).construct;
  const scopes = construct.node.scopes;
  const ids = scopes.slice(scopes.indexOf(stack) + 1).map((scope) => scope.node.id);
  const telling = ids.filter((id) => !SILENT.has(id));
  const words = (telling.length > 0 ? telling : ids).flatMap((id) => id.split(/[^A-Za-z0-9]+/));
  const [first = "", ...more] = words.filter((word) => word !== "");
  const id = first + more.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  if (id === "" || id.length > LENGTH_MAX)
    throw new Error(`the id of ${construct.node.path} gives no name of 1 to ${LENGTH_MAX} letters and digits`);
  return id;
}
