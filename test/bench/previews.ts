// `npm run build && npx tsx test/bench/previews.ts`: how long the previews of examples/ci take, and those of Terraform
// beside `terraform plan` of the same change in the same state.
import { join } from "node:path";
import { spawn } from "node:child_process";
import type { Clone } from "../../engine/testing/clone.ts";
import { monotonicMs } from "../../engine/platform/clock.ts";
import { cloudstack, collect, emptyFolder, startServer, type Finished } from "../system/kit/cloudstack.ts";
import { CHANGES, cloneOf, FORMS, offline } from "../system/kit/proposed-changes.ts";
import { median } from "./processes.ts";
import { writeSection } from "./results.ts";

const ROUNDS = Number(process.env["ROUNDS"] ?? 3);
const own = emptyFolder();
const snapshot = join(own.path, "shop.snapshot");
const seconds = (times: readonly number[]) => (median(times) / 1000).toFixed(1);

async function timed(run: () => Promise<Finished>, codes: readonly number[]): Promise<number> {
  const beganMs = monotonicMs();
  const { code, out, err } = await run();
  if (!codes.includes(code ?? -1)) throw new Error(`It ended with ${code}:\n${out}${err}`);
  return monotonicMs() - beganMs;
}

async function rounds(run: () => Promise<Finished>, codes: readonly number[]): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await timed(run, codes));
  return times;
}

/** Terraform itself keeps its state in the engine here, so that a snapshot has all of it. */
const withBackend = (clone: Clone) => clone.write("shop/backend.tf", 'terraform {\n  backend "http" {}\n}\n');

function terraform(clone: Clone, endpoint: string, ...args: readonly string[]): Promise<Finished> {
  const state = `${endpoint}/_cloudstack/terraform/states/shop`;
  const env = {
    ...process.env,
    ...offline(own.path),
    TF_HTTP_ADDRESS: state,
    TF_HTTP_LOCK_ADDRESS: state,
    TF_HTTP_UNLOCK_ADDRESS: state,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "000000000000",
    AWS_SECRET_ACCESS_KEY: "cloudstacks",
    AWS_REGION: "us-east-1",
  };
  return collect(spawn("terraform", [...args, "-input=false"], { cwd: join(clone.root, "shop"), env }));
}

const previewIn = (clone: Clone, ...args: readonly string[]) =>
  cloudstack(["preview", ...args], clone.root, offline(own.path));

const rows: string[] = [];
for (const { form, what } of FORMS.filter((each) => each.form !== "terraform")) {
  for (const { change } of CHANGES) {
    const clone = cloneOf(form, change);
    const planned = await rounds(() => previewIn(clone, what), [0, 1, 3]);
    const applied = await rounds(() => previewIn(clone, what, "--apply"), [0, 1, 3]);
    rows.push(`| ${form} | ${change} | ${seconds(planned)} | ${seconds(applied)} |`);
    clone.remove();
  }
}

const server = await startServer(own.path);
const base = cloneOf("terraform", "add");
base.git("checkout", "-q", "main");
withBackend(base);
await timed(() => terraform(base, server.endpoint, "init"), [0]);
await timed(() => terraform(base, server.endpoint, "apply", "-auto-approve"), [0]);
const save = ["snapshot", "save", snapshot];
await timed(() => cloudstack(save, own.path, { CLOUDSTACKS_ENDPOINT: server.endpoint }), [0]);
base.remove();

const terraformRows: string[] = [];
for (const { change } of CHANGES) {
  const clone = cloneOf("terraform", change);
  withBackend(clone);
  await timed(() => terraform(clone, server.endpoint, "init"), [0]);
  const itself = await rounds(() => terraform(clone, server.endpoint, "plan"), [0]);
  const recorded = await rounds(() => previewIn(clone, "shop", "--from", snapshot), [0, 1, 3]);
  const over = (median(recorded) - median(itself)) / 1000;
  const deployed = await timed(() => previewIn(clone, "shop", "--apply"), [0, 1, 3]);
  const figures = [seconds(itself), seconds(recorded), over.toFixed(1), seconds([deployed])];
  terraformRows.push(`| ${change} | ${figures.join(" | ")} |`);
  clone.remove();
}
await server.end("SIGTERM");
own.remove();

writeSection(
  "Previews",
  `Made by \`npx tsx test/bench/previews.ts\`: the changes of [examples/ci](../../examples/ci), the whole command,
seconds, median of ${ROUNDS} (Node ${process.version}). The base is deployed, too, each time.

| form | change | preview | with \`--apply\` |
| --- | --- | --- | --- |
${rows.join("\n")}

Terraform, with the real AWS provider. The state of the base is in a snapshot (\`--from\`), or Terraform applies the
base first, most of which is the provider waiting for queues and tables.

| change | \`terraform plan\` | preview from a snapshot | over it | base applied, and \`--apply\` (once) |
| --- | --- | --- | --- | --- |
${terraformRows.join("\n")}`,
);
