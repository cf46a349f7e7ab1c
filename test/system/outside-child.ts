// Deploys a template whose processes are files in a folder, and dies by SIGKILL at the effect whose number is given:
// after it has happened and before the engine can say that it is done, or before it happens.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sqliteStore } from "../../engine/kernel/sqlite.ts";
import { outsideService, type World } from "../../engine/testing/outside-things.ts";
import { stacksUnderTest } from "../../engine/testing/stack-engine.ts";

/** A world that outlives this process: one file for each thing, named by its token. */
export function folderWorld(folder: string): World {
  const file = (token: string) => join(folder, token);
  const read = (token: string) => ({ command: readFileSync(file(token), "utf8") });
  return {
    calls: [],
    things: {
      has: (token) => existsSync(file(token)),
      get: (token) => (existsSync(file(token)) ? read(token) : undefined),
      set(token, { command }) {
        writeFileSync(file(token), command);
        return new Map();
      },
      delete: (token) => {
        rmSync(file(token), { force: true });
        return true;
      },
      values: () => readdirSync(folder).map(read).values(),
    },
  };
}

const [store, world, template, moment, seed] = process.argv.slice(2);
if (store !== undefined && world !== undefined && template !== undefined) {
  let left = Number(moment);
  const at = async () => {
    if (left-- > 0) return;
    process.kill(process.pid, "SIGKILL");
    await new Promise<never>(() => undefined);
  };
  const { deploy } = stacksUnderTest([outsideService(folderWorld(world), at)], {
    store: sqliteStore(store),
    seed: Number(seed),
  });
  const { status } = await deploy(template, { concurrency: 1 });
  process.stdout.write(status);
}
