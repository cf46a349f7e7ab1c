import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "../../constructs/src/app.ts";
import { Stack } from "../../constructs/src/stack.ts";
import { Tags } from "../../constructs/src/tags.ts";
import { Bucket } from "../../constructs/src/types/bucket.generated.ts";
import { Queue } from "../../constructs/src/types/queue.generated.ts";
import { S3Bucket } from "../../constructs/src/aws/s3-bucket.generated.ts";
import { writeSection } from "./results.ts";

/** How long an app of 500 resources takes from `new App()` to the files: `npx tsx test/bench/constructs.ts`. */
const RESOURCES = 500;
const RUNS = 9;

function synthesize(outdir: string): void {
  const app = new App({ outdir });
  const stacks = Array.from({ length: 5 }, (_, index) => new Stack(app, `part-${index}`));
  let before: Queue | undefined;
  for (let index = 0; index < RESOURCES; index += 1) {
    const stack = stacks[index % stacks.length] as Stack;
    if (index % 5 === 0) before = new Queue(stack, `Queue${index}`, { labels: { index: String(index) } });
    else if (index % 5 === 1)
      new S3Bucket(stack, `Store${index}`, {
        versioningConfiguration: { status: "Enabled" },
        lifecycleConfiguration: { rules: [{ status: "Enabled", expirationInDays: 30 }] },
      });
    else new Bucket(stack, `Bucket${index}`, { labels: { after: before?.ref ?? "" } });
  }
  Tags.of(app).add("team", "bench");
  app.synth();
}

const folder = mkdtempSync(join(tmpdir(), "constructs-bench-"));
const times = Array.from({ length: RUNS }, () => {
  const from = performance.now();
  synthesize(folder);
  return performance.now() - from;
});
rmSync(folder, { recursive: true });
const [first = 0] = times;
const median = times.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
const figures = [
  `An app of ${RESOURCES} resources, from \`new App()\` to files (\`npx tsx test/bench/constructs.ts\`):`,
  `${first.toFixed(0)} ms the first time in a process, ${median.toFixed(0)} ms after.`,
].join("\n");
console.log(figures);
writeSection("Constructs", figures);
