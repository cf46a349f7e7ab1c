// `npx tsx test/bench/provider.ts`: plans of Terraform with our provider through its reattach door, held against the
// plan of an empty configuration.
import { writeSection } from "./results.ts";
import { median } from "./processes.ts";
import { monotonicMs } from "../../engine/platform/clock.ts";
import { providerUnderTest, startEngine, workspace, type Workspace } from "../system/kit/provider.ts";

const ROUNDS = Number(process.env.ROUNDS ?? 15);
const WAYS = { new: "a new resource", unchanged: "an unchanged resource" } as const;
const BUCKET = 'resource "cloudstacks_bucket" "photos" { name = "photos" }';
const HUNDRED = 'resource "cloudstacks_queue" "jobs" { count = 100 }';

async function timed(work: () => Promise<unknown>): Promise<number> {
  const beganAtMs = monotonicMs();
  await work();
  return monotonicMs() - beganAtMs;
}

const engine = await startEngine();
const provider = await providerUnderTest(engine);
const spaces = {
  empty: workspace({}, ""),
  [WAYS.new]: workspace(provider.variables, BUCKET),
  [WAYS.unchanged]: workspace(provider.variables, BUCKET.replaceAll("photos", "logs")),
  "100 unchanged resources": workspace(provider.variables, HUNDRED),
};
spaces.empty.write("provider.tf", "");
await spaces[WAYS.unchanged].must("apply", "-auto-approve");
await spaces["100 unchanged resources"].must("apply", "-auto-approve");

const plans = new Map<string, number[]>();
// In turn, so that what else the machine does meets all of them alike.
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, space] of Object.entries(spaces)) {
    const times = plans.get(name) ?? [];
    times.push(await timed(() => space.must("plan")));
    plans.set(name, times);
  }
}
const emptyMs = median(plans.get("empty") ?? []);
const rows = [...plans].map(([name, times]) => {
  const ms = median(times);
  return `| ${name} | ${ms.toFixed(0)} | ${Math.min(...times).toFixed(0)} | ${(ms / emptyMs).toFixed(2)} |`;
});
writeSection(
  "Terraform provider",
  `Made by \`npx tsx test/bench/provider.ts\`: \`terraform plan\` with the provider reattached to an engine,
median and least of ${ROUNDS} rounds in turn (Node ${process.version}).

| configuration | ms | least ms | ratio to empty |
| --- | --- | --- | --- |
${rows.join("\n")}`,
);
for (const space of Object.values<Workspace>(spaces)) space.remove();
await provider.stop();
await engine.close();
