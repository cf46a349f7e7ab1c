import { once } from "node:events";
import type { PositionedEvent } from "../../stack/requests.ts";
import { Failure } from "../failure.ts";
import type { Output } from "../output.ts";
import type { SessionOptions } from "../session.ts";
import { elapsedText } from "../text/progress.ts";
import { alignColumns, table } from "../text/table.ts";
import { timeText } from "../text/time.ts";
import { withSession } from "./with-session.ts";

export interface EventsRequest {
  readonly stack: string;
  readonly deployment?: string;
  readonly resource?: string;
  readonly status?: string;
  readonly limit?: number;
  readonly follow?: boolean;
}

const HEADING = ["time (UTC)", "deployment", "resource", "action", "status", ""];

const row = (event: PositionedEvent): string[] => {
  const { atMs, beganAtMs, deploymentId, logicalId = "", action = "", status, cause } = event;
  const took = beganAtMs === undefined ? "" : elapsedText(atMs - beganAtMs);
  return [timeText(atMs), deploymentId, logicalId, action, status, cause ? `${cause.code}: ${cause.message}` : took];
};

export async function events(output: Output, options: SessionOptions, request: EventsRequest): Promise<void> {
  const { stack, deployment: deploymentId, resource: logicalId, status, limit } = request;
  const query = { stack, deploymentId, logicalId, statuses: status?.split(","), limit };
  await withSession(options, async (session) => {
    if (request.follow) {
      // Nothing else can write the data directory while this process holds it: there would be nothing to see.
      if (session.endpoint === undefined && options.store === "sqlite")
        throw new Failure("There is no server whose events could be followed.", ["Start one: cloudstack start"]);
      return follow(output, (onEvent, signal) =>
        session.run("follow", query, (event) => "followed" in event && onEvent(event.followed), signal),
      );
    }
    const answer = await session.run("events", query);
    if (answer.events.length === 0) throw nothingKnown(request);
    output.answer(answer, () => table(output.colors, HEADING, answer.events.map(row)));
  });
}

function nothingKnown({ stack, deployment, resource, status }: EventsRequest): Failure {
  if (resource !== undefined || status !== undefined)
    return new Failure(`No event of stack ${stack} is like that.`, [`cloudstack events ${stack} shows them all.`]);
  const which = deployment === undefined ? "" : ` or its deployment ${deployment}`;
  return new Failure(`Nothing is known of a stack "${stack}"${which}.`, ["cloudstack stacks lists them."]);
}

/** One line an event, until Ctrl-C, the end of the deployment that was asked for, or of the server. */
async function follow(
  output: Output,
  run: (onEvent: (event: PositionedEvent) => void, signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const stop = new AbortController();
  const interrupted = once(process, "SIGINT", { signal: stop.signal }).then(
    () => stop.abort(),
    () => undefined,
  );
  try {
    await run((event) => output.line(event, () => alignColumns([row(event)]).join("")), stop.signal);
  } catch (problem) {
    if (!stop.signal.aborted) throw problem;
  } finally {
    stop.abort();
    await interrupted;
  }
}
