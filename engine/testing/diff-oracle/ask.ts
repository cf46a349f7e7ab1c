// `npx tsx engine/testing/diff-oracle/ask.ts`: asks @aws-cdk/cloudformation-diff about every pair and keeps what it
// says in answers.generated.json. Needs npm and the network; the test that reads the answers does not.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answers, SaidOfResource } from "./answers.ts";
import { oraclePairs, type Pair } from "./pairs.ts";

/** The specification it looks replacements up in is a package of its own, and newer ones say more. */
const PINNED = ["@aws-cdk/cloudformation-diff@2.187.5", "@aws-cdk/aws-service-spec@0.1.216"];

interface Change {
  readonly changeImpact: string;
  readonly propertyUpdates: Readonly<Record<string, { readonly changeImpact: string }>>;
}
interface Oracle {
  fullDiff(
    before: object,
    after: object,
  ): { readonly resources: { forEachDifference(visit: (logicalId: string, change: Change) => void): void } };
}

function ask(oracle: Oracle, { name, before, after }: Pair): Answers["pairs"][number] {
  const says: Record<string, SaidOfResource> = {};
  // It writes into what it is given.
  const { resources } = oracle.fullDiff(structuredClone(before), structuredClone(after));
  resources.forEachDifference((logicalId, { changeImpact: impact, propertyUpdates }) => {
    const properties: Record<string, string> = {};
    for (const [property, { changeImpact }] of Object.entries(propertyUpdates)) properties[property] = changeImpact;
    says[logicalId] = { impact, properties };
  });
  return { name, before, after, says };
}

const folder = mkdtempSync(join(tmpdir(), "cloudstacks-oracle-"));
try {
  const install = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--save-exact", ...PINNED];
  execFileSync("npm", [...install, "--prefix", folder], { stdio: "inherit" });
  const oracle = createRequire(join(folder, "here.js"))("@aws-cdk/cloudformation-diff") as Oracle;
  const pairs = oraclePairs().map((pair) => ask(oracle, pair));
  const answers: Answers = { madeBy: "npx tsx engine/testing/diff-oracle/ask.ts", asked: PINNED, pairs };
  writeFileSync(join(import.meta.dirname, "answers.generated.json"), `${JSON.stringify(answers, undefined, 1)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}
