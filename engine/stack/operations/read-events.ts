import { changesSince, FEED_START, follow, type Change } from "../../kernel/feed.ts";
import type { StackParts } from "../apply/deployment.ts";
import type { StackEvent } from "../apply/stack-event.ts";
import { eventFeed } from "../state/model.ts";
import type { EventQuery, PositionedEvent } from "../requests.ts";

const EVENTS_DEFAULT = 1000;
const EVENTS_PAGE = 500;

function isWanted(query: EventQuery, event: StackEvent): boolean {
  const { deploymentId, logicalId, statuses } = query;
  return (
    (deploymentId === undefined || event.deploymentId === deploymentId) &&
    (logicalId === undefined || event.logicalId === logicalId) &&
    (statuses === undefined || statuses.includes(event.status))
  );
}

const positioned = ({ position, change }: Change<StackEvent>): PositionedEvent => ({ ...change, position });

export async function listEvents({ store }: StackParts, query: EventQuery): Promise<readonly PositionedEvent[]> {
  const { scope, stack, limit = EVENTS_DEFAULT } = query;
  const feed = eventFeed(scope, stack);
  return store.read(async (tx) => {
    const found: PositionedEvent[] = [];
    let seen = query.after ?? FEED_START;
    while (found.length < limit) {
      const page = await changesSince<StackEvent>(tx, feed, seen, EVENTS_PAGE);
      found.push(...page.filter(({ change }) => isWanted(query, change)).map(positioned));
      seen = page.at(-1)?.position ?? seen;
      if (page.length < EVENTS_PAGE) break;
    }
    return found.slice(0, limit);
  });
}

/** What ends a deployment, whatever filters say. */
const ENDS: ReadonlySet<string> = new Set(["succeeded", "rolled-back", "rollback-failed", "kept"]);

/** Every event that is wanted, then each as it happens; of one deployment only until that has ended. */
export async function* followEvents(
  { store }: StackParts,
  query: EventQuery,
  signal?: AbortSignal,
): AsyncGenerator<PositionedEvent> {
  const { scope, stack, deploymentId, after } = query;
  const options = { ...(after !== undefined && { position: after }), ...(signal && { signal }) };
  for await (const entry of follow<StackEvent>(store, eventFeed(scope, stack), options)) {
    const { change } = entry;
    if (isWanted(query, change)) yield positioned(entry);
    const isEnd = change.logicalId === undefined && ENDS.has(change.status);
    if (isEnd && deploymentId === change.deploymentId) return;
  }
}
