// A process that works on a stack in a folder and kills itself at a given commit, beyond all clean-up.
import { sqliteStore } from "../kernel/sqlite.ts";
import type { Store } from "../kernel/store.ts";
import { join } from "node:path";
import { CRASH_TEMPLATES, type CrashMoment } from "./crash-stack.ts";
import { generatedStacks } from "./generated-stacks.ts";
import { TEST_SCOPE } from "./stack-engine.ts";

const [folder = "", work = "", commit = "", moment = ""] = process.argv.slice(2);

const die = () => process.kill(process.pid, "SIGKILL");

/** Dies before the `last` commit is begun, while nobody knows whether it holds, or when it is durable. */
function doomed(base: Store, last: number, when: CrashMoment): Store {
  let left = last;
  return {
    ...base,
    read: (run, options) => base.read(run, options),
    async transact(run, options) {
      left -= 1;
      if (left > 0) return base.transact(run, options);
      if (when === "before") die();
      const committing = base.transact(run, options);
      if (when === "during") setImmediate(die);
      const result = await committing;
      if (when === "after") die();
      return result;
    },
  };
}

const store = doomed(sqliteStore(join(folder, "store.sqlite")), Number(commit), moment as CrashMoment);
const under = generatedStacks({ store, seed: Number(commit) + 100 });
if (work === "settle") {
  await under.stacks.settle({ scope: TEST_SCOPE, stack: "web", isHolderGone: true });
} else {
  const { status } = await under.deploy(CRASH_TEMPLATES[work as keyof typeof CRASH_TEMPLATES], { concurrency: 3 });
  process.stdout.write(status);
}
process.exit(0);
