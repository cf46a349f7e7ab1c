// `npx tsx test/bench/stack.ts`: plan and deploy of 100, 1,000 and 10,000 native resources, each phase in a process of
// its own on a durable store; beside it, in the same run, Terraform applying as many of its built-in `terraform_data`.
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { writeSection } from "./results.ts";

const SIZES = (process.env["SIZES"] ?? "100,1000,10000").split(",").map(Number);
const PHASES = ["plan", "deploy", "plan", "destroy"] as const;
const TERRAFORM_LIMIT_MS = Number(process.env["TERRAFORM_LIMIT_S"] ?? 60) * 1000;
const here = import.meta.dirname;

interface Cost {
  readonly outcome: string;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly memoryMb: number;
}

/** Three kinds of pairs, the second of which refers to the first. */
const PAIRS: readonly ((at: number) => readonly [first: object, second: (first: string) => object])[] = [
  (at) => [
    { Type: "VPC", Properties: { CIDRBlock: `10.${at % 250}.0.0/16` } },
    (first) => ({ Type: "Subnet", Properties: { VpcID: { Ref: first }, CIDRBlock: `10.${at % 250}.1.0/24` } }),
  ],
  (at) => [
    { Type: "Volume", Properties: { Size: 10, Labels: { pair: `${at}` } } },
    (first) => ({ Type: "Snapshot", Properties: { VolumeID: { Ref: first } } }),
  ],
  (at) => [
    { Type: "Queue", Properties: { VisibilityTimeout: 30 + (at % 10) } },
    (first) => ({ Type: "Queue", Properties: { DeadLetterQueue: { Ref: first }, MaxReceiveCount: 3 } }),
  ],
];

/** Block-style YAML, as people write it. */
function templateOf(size: number): string {
  const lines = ["Resources:"];
  const write = (name: string, resource: object) => {
    const { Type, Properties } = resource as { Type: string; Properties: object };
    lines.push(`  ${name}:`, `    Type: ${Type}`, "    Properties:");
    for (const [key, value] of Object.entries(Properties)) lines.push(`      ${key}: ${JSON.stringify(value)}`);
  };
  for (let at = 0; at < size / 2; at += 1) {
    const [first, second] = PAIRS[at % PAIRS.length]!(at);
    write(`First${at}`, first);
    write(`Second${at}`, second(`First${at}`));
  }
  return `${lines.join("\n")}\n`;
}

/** As users run it: bundled, and in a folder that finds the engine's shipped files. */
async function bundledChild(): Promise<string> {
  const outfile = resolve(here, "../../engine/dist/bench/stack-child.mjs");
  await build({
    entryPoints: [join(here, "stack-child.ts")],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "error",
  });
  return outfile;
}

function measure(child: string, phase: string, folder: string, file: string): Cost {
  const flags = process.env["PROFILE"] === phase ? ["--cpu-prof", "--cpu-prof-dir=/tmp/stack-profile"] : [];
  const done = spawnSync(process.execPath, [...flags, child, phase, folder, file], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (done.status !== 0) throw new Error(`${phase} ended with ${done.status ?? done.signal}`);
  return JSON.parse(done.stdout) as Cost;
}

/** In seconds, or undefined when it was not done within the limit or is not there. */
async function terraformSeconds(size: number): Promise<number | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "cloudstacks-bench-"));
  const blocks = Array.from(
    { length: size / 2 },
    (_, at) =>
      `resource "terraform_data" "first${at}" {\n  input = "v${at}"\n}\n` +
      `resource "terraform_data" "second${at}" {\n  input = terraform_data.first${at}.id\n}\n`,
  );
  writeFileSync(join(folder, "main.tf"), blocks.join(""));
  const run = promisify(execFile);
  const options = { cwd: folder, timeout: TERRAFORM_LIMIT_MS, killSignal: "SIGKILL" as const, maxBuffer: 2 ** 26 };
  try {
    await run("terraform", ["init", "-input=false"], options);
    const began = performance.now();
    await run("terraform", ["apply", "-auto-approve", "-input=false", "-no-color"], options);
    return (performance.now() - began) / 1000;
  } catch (problem) {
    const { killed, message } = problem as { killed?: boolean; message: string };
    if (!killed) console.warn(`terraform: ${message.split("\n")[0]}`);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const child = await bundledChild();
const costs = new Map<number, readonly Cost[]>();
const terraform = new Map<number, number | undefined>();
for (const size of SIZES) {
  const folder = mkdtempSync(join(tmpdir(), "cloudstacks-bench-"));
  const file = join(folder, "scale.yaml");
  writeFileSync(file, templateOf(size));
  const found = PHASES.map((phase) => {
    const cost = measure(child, phase, join(folder, "store"), file);
    const text = `${size} ${phase}: ${cost.outcome}, ${Math.round(cost.wallMs)} ms, cpu ${Math.round(cost.cpuMs)} ms`;
    console.log(`${text}, ${Math.round(cost.memoryMb)} MB`);
    return cost;
  });
  costs.set(size, found);
  rmSync(folder, { recursive: true });
  terraform.set(size, await terraformSeconds(size));
  console.log(`${size} terraform apply: ${terraform.get(size)?.toFixed(1) ?? "not done"} s`);
}

const cell = ({ wallMs, cpuMs }: Cost) => `${Math.round(wallMs)} (${Math.round(cpuMs)})`;
const rows = [...costs].map(([size, found]) => {
  const memoryMb = Math.max(...found.map((each) => each.memoryMb));
  const seconds = terraform.get(size);
  const beside = seconds === undefined ? `not done in ${TERRAFORM_LIMIT_MS / 1000} s` : `${Math.round(seconds * 1000)}`;
  return `| ${size} | ${found.map(cell).join(" | ")} | ${Math.round(memoryMb)} | ${beside} |`;
});
const [least, most] = [SIZES[0] ?? 1, SIZES.at(-1) ?? 1];
const perResource = (phase: number, size: number) => (costs.get(size)?.[phase]?.cpuMs ?? 0) / size;
const ratios = PHASES.map((_, phase) => (perResource(phase, most) / perResource(phase, least)).toFixed(2));
writeSection(
  "Stacks",
  `Made by \`npx tsx test/bench/stack.ts\`: native resources in pairs that refer to each other, store sqlite, durability
full, each phase in a process of its own (Node ${process.version}). Milliseconds of wall time, of CPU time in brackets;
the most memory of any phase in MB; beside it \`terraform apply\` of as many \`terraform_data\` in pairs, in
milliseconds.

| resources | plan, new | deploy | plan, unchanged | destroy | memory | terraform |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join("\n")}

CPU per resource at ${most} as a multiple of that at ${least}: plan ${ratios[0]}, deploy ${ratios[1]}, plan of what is
unchanged ${ratios[2]}, destroy ${ratios[3]}.`,
);
