import { networks } from "../services/networks/service.ts";
import { machines } from "../services/machines/service.ts";
import { volumes } from "../services/volumes/service.ts";
import { invariant } from "../platform/invariant.ts";
import { shownPlan, type Report, type StackReport } from "../cli/formats/report.ts";
import { stepsOf } from "../cli/formats/steps.ts";
import type { MonthlyCost } from "../stack/cost/report.ts";
import type { StackEvent } from "../stack/apply/stack-event.ts";
import type { Plan } from "../stack/plan/plan.ts";
import { stacksUnderTest, TEST_SCOPE, type StacksUnderTest } from "./stack-engine.ts";

/** Reports of real plans and deployments, with something of everything, for the tests of formats. */

const BEFORE = `
Parameters:
  Key: {Type: String, NoEcho: true, Default: hush}
Resources:
  Net: {Type: VPC, Properties: {Name: net, CIDRBlock: 10.42.0.0/16, Labels: {tier: blue, key: !Ref Key}}}
  Front: {Type: Subnet, Properties: {VpcID: !Ref Net, Name: front, CIDRBlock: 10.42.1.0/24}}
  Back: {Type: Subnet, Properties: {VpcID: !Ref Net, Name: back, CIDRBlock: 10.42.2.0/24}}
  Disk: {Type: Volume, Properties: {Size: 10, Labels: {of: !Ref Front}}}
  Old: {Type: Volume, Properties: {Size: 5}}
  Log: {Type: Volume, Properties: {Size: 8}}
  Cold: {Type: Volume, Properties: {Size: 2}}
  Steady: {Type: Volume, Properties: {Size: 1}}
Outputs:
  NetId: {Value: !Ref Net}
  FrontId: {Value: !Ref Front}
  Key: {Value: !Ref Key}
`;

/** Every action: Front is replaced, Old deleted, Log let go, Spare taken over, Disk and Cold renamed, New created. */
const after = (spare: string) => `
Moved: [{From: Disk, To: Storage}, {From: Cold, To: Archive}]
Removed: [Log]
Import: {Spare: ${spare}}
Parameters:
  Key: {Type: String, NoEcho: true, Default: hush}
Resources:
  Net: {Type: VPC, Properties: {Name: net, CIDRBlock: 10.42.0.0/16, Labels: {tier: green, key: !Ref Key}}}
  Front: {Type: Subnet, Properties: {VpcID: !Ref Net, Name: front, CIDRBlock: 10.42.8.0/24}}
  Back: {Type: Subnet, Properties: {VpcID: !Ref Net, Name: back, CIDRBlock: 10.42.2.0/24}}
  Storage: {Type: Volume, Properties: {Size: 10, Labels: {of: !Ref Front}}}
  Spare: {Type: Volume, Properties: {Size: 30}}
  Archive: {Type: Volume, Properties: {Size: 2}}
  New: {Type: Subnet, Properties: {VpcID: !Ref Net, Name: new, CIDRBlock: 10.42.3.0/24}}
  Steady: {Type: Volume, Properties: {Size: 1}}
Outputs:
  NetId: {Value: !Ref Net}
  FrontId: {Value: !Ref Front}
  NewId: {Value: !Ref New}
`;

async function deployed(): Promise<StacksUnderTest> {
  const stack = stacksUnderTest([networks, machines, volumes]);
  const { status } = await stack.deploy(BEFORE);
  invariant(status === "deployed", "the sample deploys");
  return stack;
}

async function planned(stack: StacksUnderTest, text: string): Promise<Plan> {
  const { plan, diagnostics } = await stack.plan(text);
  invariant(plan, `the sample can be planned: ${JSON.stringify(diagnostics)}`);
  return plan;
}

async function changedOutside(stack: StacksUnderTest): Promise<void> {
  const resources = (await stack.stacks.get(TEST_SCOPE, "web"))?.resources ?? [];
  const idOf = (logicalId: string) => resources.find((each) => each.logicalId === logicalId)?.id ?? "";
  const labels = { tier: "red", key: "hush" };
  await stack.calls.call(networks, "updateVpc", { vpcId: idOf("Net"), name: "net", labels }, TEST_SCOPE);
  await stack.calls.call(networks, "deleteSubnet", { subnetId: idOf("Back") }, TEST_SCOPE);
}

async function withSpare(stack: StacksUnderTest): Promise<string> {
  const { id } = await stack.calls.call(volumes, "createVolume", { sizeGib: 20 }, TEST_SCOPE);
  return after(id);
}

const reportOf = (kind: Report["kind"], stack: Omit<StackReport, "stack" | "diagnostics">): Report => ({
  version: 1,
  kind,
  subject: "web",
  stacks: [{ stack: "web", diagnostics: [], ...stack }],
  elapsedMs: 38,
  details: `cloudstack ${kind} web.yaml --format html`,
});

/** A plan with every action, drift and changed outputs. */
export async function planReport(): Promise<Report> {
  const stack = await deployed();
  await changedOutside(stack);
  return reportOf("plan", { plan: shownPlan(await planned(stack, await withSpare(stack))) });
}

export async function driftReport(): Promise<Report> {
  const stack = await deployed();
  await changedOutside(stack);
  const drift = await stack.stacks.drift({ scope: TEST_SCOPE, stack: "web" });
  invariant(drift, "the sample exists");
  return reportOf("drift", { drift });
}

/** The plan with every action, applied. */
export const deployReport = async (): Promise<Report> => {
  const stack = await deployed();
  return applied(stack, await withSpare(stack));
};

/** A deployment that fails half-way and is rolled back: two subnets have the same range. */
export const failedReport = async (): Promise<Report> => {
  const stack = await deployed();
  return applied(stack, (await withSpare(stack)).replace("10.42.3.0/24", "10.42.2.0/25"));
};

/** A preview of two stacks, with findings, costs and operations; the second waits for the first. */
export async function previewReport(): Promise<Report> {
  const { stacks, details } = await planReport();
  const range = { line: 9, column: 3, endLine: 9, endColumn: 8 };
  const place = { stack: "web", file: "web.yaml", range } as const;
  const usual: MonthlyCost = { amount: 12.4, items: [], unknown: [] };
  return {
    version: 1,
    kind: "preview",
    subject: "shop",
    base: "main (3f2a91c)",
    head: "feature (9be1044)",
    state: "snapshot prod.snapshot",
    stacks: [
      ...stacks,
      {
        stack: "jobs",
        diagnostics: [{ code: "CS1107", severity: "error", message: "web exports nothing" }],
        awaits: ["web"],
      },
    ],
    findings: [
      {
        ...place,
        rule: "stateful-replacement",
        severity: "error",
        resource: "Front",
        type: "Subnet",
        message: "Front holds data and is replaced",
        hint: "rename it instead, or waive this",
      },
      { ...place, rule: "untagged", severity: "note", resource: "Net", path: "Labels", message: "Net has no owner" },
      {
        ...place,
        rule: "encryption",
        severity: "warning",
        resource: "Spare",
        message: "Spare is not encrypted",
        waived: { reason: "holds nothing but caches", expires: "2031-01-31" },
      },
    ],
    cost: {
      version: 1,
      currency: "USD",
      pricesAsOf: "2026-11-01",
      usageFile: "cost.yaml",
      resources: [
        {
          stack: "web",
          resource: "Storage",
          type: "Volume",
          action: "update",
          before: usual,
          after: { ...usual, amount: 14.1 },
        },
        {
          stack: "web",
          resource: "New",
          type: "Subnet",
          action: "create",
          after: { items: [], unknown: [{ what: "Subnet", why: "the price book has no figure for it" }] },
        },
      ],
      before: { amount: 12.4, unknown: 0 },
      after: { amount: 14.1, unknown: 1 },
    },
    operations: [
      { cloud: "", service: "networks", operation: "createSubnet", resource: "web/New", count: 1 },
      { cloud: "aws", service: "s3", operation: "ListBuckets", resource: "", count: 3 },
    ],
    notes: ["jobs is planned once web is deployed"],
    elapsedMs: 840,
    details: details ?? "",
  };
}

async function applied(stack: StacksUnderTest, text: string): Promise<Report> {
  const plan = shownPlan(await planned(stack, text));
  const events: StackEvent[] = [];
  const result = await stack.deploy(text, { onEvent: (event) => events.push(event) });
  const { status, deploymentId, serial, outputs, cause, remaining } = result;
  const ended = { status, deploymentId, serial, outputs, cause, remaining, elapsedMs: 120 };
  return reportOf("deploy", { plan, result: JSON.parse(JSON.stringify(ended)), steps: stepsOf(plan, events) });
}
