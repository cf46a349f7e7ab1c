import { changesSince, FEED_START } from "../../kernel/feed.ts";
import type { Scope } from "../../services/context.ts";
import type { StackParts } from "../apply/deployment.ts";
import type { StackEvent } from "../apply/stack-event.ts";
import {
  eventFeed,
  stackRecords,
  stackSpace,
  type OutputRecord,
  type ResourceRecord,
  type StackRecord,
} from "../state/model.ts";
import { maskedOutputs } from "../plan/outputs.ts";
import { maskPaths } from "../plan/sensitive.ts";
import { readState } from "../state/read-state.ts";
import type { EventQuery, PositionedEvent, StackDetails } from "../requests.ts";

export async function listStacks({ store }: StackParts, { account, region }: Scope): Promise<readonly StackRecord[]> {
  return store.read(async (tx) => {
    const found: StackRecord[] = [];
    for await (const { value } of tx.scan<StackRecord>(stackSpace.range(account, region)))
      if (value.status !== "destroyed") found.push(shown(value));
    return found;
  });
}

export async function getStack({ store }: StackParts, scope: Scope, name: string): Promise<StackDetails | undefined> {
  const { stack, resources } = await store.read((tx) => readState(tx, scope, name));
  if (!stack || stack.status === "destroyed") return undefined;
  return { ...shown(stack), resources: [...resources.values()].map(shownResource) };
}

/** What is kept to be compared and put back is not for everybody to see. */
const shown = (stack: StackRecord): StackRecord => ({
  ...stack,
  parameters: masked(stack.parameters, stack.secretParameters),
  outputs: maskedOutputs(stack.outputs),
});

const shownResource = (record: ResourceRecord): ResourceRecord => ({
  ...record,
  properties: masked(record.properties, record.sensitive),
  live: masked(record.live, record.sensitive),
  attributes: masked(record.attributes, record.sensitive),
});

export const masked = <T>(
  values: Readonly<Record<string, T>>,
  names: readonly string[],
): Readonly<Record<string, T | string>> => maskPaths(values as never, names) as never;

export async function outputsOf(
  { store }: StackParts,
  { account, region }: Scope,
  name: string,
): Promise<Readonly<Record<string, OutputRecord>> | undefined> {
  const stack = await store.read((tx) => stackRecords.get(tx, account, region, name));
  return stack && stack.status !== "destroyed" ? maskedOutputs(stack.outputs) : undefined;
}

const EVENTS_DEFAULT = 1000;
const EVENTS_PAGE = 500;

export async function listEvents({ store }: StackParts, query: EventQuery): Promise<readonly PositionedEvent[]> {
  const { scope, stack, deploymentId, limit = EVENTS_DEFAULT } = query;
  const feed = eventFeed(scope, stack);
  return store.read(async (tx) => {
    const found: PositionedEvent[] = [];
    let seen = query.after ?? FEED_START;
    while (found.length < limit) {
      const page = await changesSince<StackEvent>(tx, feed, seen, EVENTS_PAGE);
      const wanted = page.filter(({ change }) => deploymentId === undefined || change.deploymentId === deploymentId);
      found.push(...wanted.map(({ position, change }) => ({ ...change, position })));
      seen = page.at(-1)?.position ?? seen;
      if (page.length < EVENTS_PAGE) break;
    }
    return found.slice(0, limit);
  });
}
