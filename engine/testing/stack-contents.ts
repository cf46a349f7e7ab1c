import { startingWith } from "../kernel/key.ts";
import type { Store } from "../kernel/store.ts";
import type { StackDetails } from "../stack/requests.ts";

/**
 * Every record of every service, by key: all that a stack can leave behind. Left out is what the stack engine itself
 * keeps: its own records and the logs of stacks.
 */
export async function serviceRecords(store: Store): Promise<Readonly<Record<string, unknown>>> {
  return store.read(async (tx) => {
    const found: Record<string, unknown> = {};
    for await (const { key, value } of tx.scan(startingWith([]))) {
      const [first, second] = key;
      const isOfStacks = first === "stacks" || (first === "feed" && Array.isArray(second) && second[0] === "stack");
      if (!isOfStacks) found[JSON.stringify(key)] = value;
    }
    return found;
  });
}

/** How many records there are of each kind, by the first two parts of their keys. */
export async function recordCounts(store: Store): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const key of Object.keys(await serviceRecords(store))) {
    const kind = (JSON.parse(key) as unknown[]).slice(0, 2).join(" ");
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/**
 * What a stack is, without its history: ids and generated names, which every run makes anew, are told by what they
 * name.
 */
export function meaningOf(stack: StackDetails | undefined): unknown {
  if (!stack) return undefined;
  const namesById = new Map(stack.resources.map((each) => [each.id, `<${each.logicalId}>`]));
  const ids = [...namesById.keys()].sort((a, b) => b.length - a.length).map((id) => id.replaceAll(/\W/g, "\\$&"));
  const anyId = new RegExp(ids.join("|") || "(?!)", "g");
  const generated = new RegExp(`${stack.name}-(\\w+)-[0-9a-f]{8}`, "g");
  const told = (value: unknown): unknown => {
    if (typeof value === "string")
      return value
        .replaceAll(anyId, (id) => namesById.get(id) ?? id)
        .replaceAll(generated, "<name of $1>")
        .replaceAll(UUID, "<uuid>");
    if (Array.isArray(value)) return value.map(told);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, told(inner)]));
  };
  const resources = stack.resources.map(({ id: _id, dependencies, ...rest }) => ({
    ...rest,
    dependencies: [...dependencies].sort(),
  }));
  return told({ status: stack.status, outputs: stack.outputs, resources });
}
