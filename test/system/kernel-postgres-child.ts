// A second engine process: increments ["n"] so many times, appends to a log, and says what it saw of its parent.
import { postgresStore } from "../../engine/kernel/postgres.ts";

const [url = "", increments = "0"] = process.argv.slice(2);
const store = await postgresStore(url);
const greeting = await store.read((tx) => tx.get<string>(["greeting"]));
await Promise.all(Array.from({ length: Number(increments) }, (_, i) => store.transact(async (tx) => {
  tx.set(["n"], ((await tx.get<number>(["n"])) ?? 0) + 1);
  tx.append(["log"], `child ${i}`);
}, { sequence: ["n"] })));
await store.transact(async (tx) => tx.set(["answer"], `heard: ${greeting}`));
await store.close();
