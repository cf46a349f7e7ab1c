// One phase of the scale bench, in a process of its own: `plan`, `deploy` or `destroy` of a template file on a store in
// a folder. Prints what it cost as one line of JSON.
import { readFileSync } from "node:fs";
import { openEngine } from "../../engine/compose.ts";
import { DEFAULT_SCOPE } from "../../engine/services/context.ts";

const [phase = "", folder = "", file = ""] = process.argv.slice(2);
const scope = DEFAULT_SCOPE;
const request = { scope, stack: "scale", source: { file: "scale.yaml", text: readFileSync(file, "utf8") } };
const engine = await openEngine({ dataDirectory: folder, store: "sqlite", durability: "full", logLevel: "error" });
const began = performance.now();
const cpu = process.cpuUsage();
const outcome = await run();
const wallMs = performance.now() - began;
const { user, system } = process.cpuUsage(cpu);
await engine.close();
// maxRSS is in kilobytes on Linux and macOS as Node gives it.
const memoryMb = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ outcome, wallMs, cpuMs: (user + system) / 1000, memoryMb })}\n`);

async function run(): Promise<string> {
  if (phase === "plan") {
    const { plan } = await engine.stacks.plan(request);
    return plan?.isEmpty ? "empty" : `${plan?.summary.create} to create`;
  }
  if (phase === "deploy") return (await engine.stacks.deploy(request)).status;
  return (await engine.stacks.destroy({ scope, stack: "scale" })).status;
}
