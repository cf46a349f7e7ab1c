// A process that writes to a state and to a fork of it as fast as it can. It says what it is about to write, and once
// that is committed, that it is. It is killed at any moment.
import { between } from "../kernel/key.ts";
import type { Store } from "../kernel/store.ts";
import { FORK, openForkedState, SLOTS, WORKERS } from "./forked-state.ts";

const [folder = "", round = ""] = process.argv.slice(2);
const { store, fork } = await openForkedState(folder);

/** Standard output is a pipe, written at once: what was said before the kill is heard. */
const say = (...words: readonly (string | number)[]) => void process.stdout.write(`${words.join(" ")}\n`);

/** Each worker has slots of its own, so that what it said last of a slot is what must be there. */
async function write(where: string, its: Store, worker: number): Promise<never> {
  for (let i = 0; ; i++) {
    const slot = worker + WORKERS * (i % (SLOTS / WORKERS));
    const value = i % 7 === 6 ? "gone" : `${where}-${round}-${i}`;
    say("begin", where, slot, value);
    await its.transact(async (tx) => {
      if (i % 5 === 4) tx.clear(between(["slot", slot], ["slot", slot + 1]));
      if (value === "gone") tx.delete(["slot", slot]);
      else tx.set(["slot", slot], value);
      tx.append(["log"], value);
    });
    say("done", where, slot, value);
  }
}

const workers = Array.from({ length: WORKERS }, (_, worker) => worker);
await Promise.all(workers.flatMap((worker) => [write("main", store, worker), write(FORK, fork, worker)]));
