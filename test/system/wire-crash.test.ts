import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { seededRandom } from "../../engine/platform/random.ts";
import { isEngineGone, randomBelow, type Load } from "./crash-load/known.ts";
import { messageLoad } from "./crash-load/messages.ts";
import { objectLoad } from "./crash-load/objects.ts";
import { tableLoad } from "./crash-load/tables.ts";
import { emptyFolder, startServer, type RunningServer } from "./kit/cloudstack.ts";

const KILLS = 10;
const SEED = Number(process.env.CLOUDSTACKS_CRASH_SEED ?? 20_300_103);
/** A store that nobody writes to begins after so long to take its log over: some kills fall into that. */
const QUIET_MS = 250;

let folder: ReturnType<typeof emptyFolder>;
let server: RunningServer | undefined;
beforeEach(() => {
  folder = emptyFolder();
});
afterEach(async () => {
  await server?.end("SIGKILL");
  folder.remove();
});

/** Lets all clients work side by side, and kills the engine while they do, or in the quiet after they have stopped. */
async function workUntilKilled(
  server: RunningServer,
  loads: readonly Load[],
  { workMs, quietMs }: { readonly workMs: number; readonly quietMs: number },
): Promise<void> {
  let isOver = false;
  const work = loads
    .flatMap((load) => load.clients(server.endpoint))
    .map(async (step) => {
      try {
        while (!isOver) await step();
      } catch (problem) {
        if (!isOver || !isEngineGone(problem)) throw problem;
      }
    });
  const killing = (async () => {
    await delay(workMs);
    isOver = true;
    if (quietMs > 0) {
      await Promise.all(work);
      await delay(quietMs);
    }
    expect(await server.end("SIGKILL")).toBe(null);
  })();
  await Promise.all([...work, killing]);
}

test(`what clients of all services were told holds after ${KILLS} kills, and nothing is half done`, async () => {
  const random = seededRandom(SEED);
  const loads = [objectLoad(random), tableLoad(random), messageLoad()];
  for (let round = 0; round < KILLS; round++) {
    server = await startServer(folder.path);
    const { endpoint } = server;
    for (const load of loads) await (round === 0 ? load.prepare(endpoint) : load.check(endpoint));
    const quietMs = round % 3 === 2 ? QUIET_MS - 20 + randomBelow(random, QUIET_MS + 40) : 0;
    await workUntilKilled(server, loads, { workMs: 400 + randomBelow(random, 1600), quietMs });
  }
  server = await startServer(folder.path);
  const { endpoint } = server;
  for (const load of loads) await load.check(endpoint);
  for (const load of loads) await load.checkWhole?.(endpoint);
  expect(await server.end("SIGTERM")).toBe(0);
  const counts = Object.assign({}, ...loads.map((load) => load.counts())) as Record<string, number>;
  console.log(`acknowledged over ${KILLS} kills: ${JSON.stringify(counts)}`);
  for (const [kind, count] of Object.entries(counts)) expect({ kind, some: count > 0 }).toEqual({ kind, some: true });
});
