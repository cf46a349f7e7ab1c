import { directoryOwner } from "../../kernel/directory-owner.ts";
import { isProcessAlive } from "../../platform/processes.ts";
import { Failure } from "../failure.ts";
import type { Output } from "../output.ts";

const POLL_MS = 25;
const STOP_MS_MAX = 30_000;

/** Asks the server of a data directory to stop, and waits until its process has ended. */
export async function stop(output: Output, dataDirectory: string): Promise<void> {
  const owner = directoryOwner(dataDirectory);
  if (owner?.endpoint === undefined || !isProcessAlive(owner.pid)) {
    throw new Failure(`No server runs on ${dataDirectory}.`, [
      "cloudstack start starts one; --data-dir names another directory.",
    ]);
  }
  await fetch(`${owner.endpoint}/_cloudstack/stop`, { method: "POST" });
  for (let waitedMs = 0; isProcessAlive(owner.pid); waitedMs += POLL_MS) {
    if (waitedMs > STOP_MS_MAX)
      throw new Failure(`Process ${owner.pid} has not ended after ${STOP_MS_MAX / 1000} s.`, [`kill ${owner.pid}`]);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  output.answer({ stopped: owner.endpoint, pid: owner.pid }, () => `stopped ${owner.endpoint} (process ${owner.pid})`);
}
