import { describe, expect, test } from "vitest";
import picocolors from "picocolors";
import { stacksUnderTest } from "../../testing/stack-engine.ts";
import { networks } from "../../services/networks/service.ts";
import type { StackEvent } from "../../stack/apply/stack-event.ts";
import type { Plan } from "../../stack/plan/plan.ts";
import { planText } from "./plan.ts";
import { createProgress, elapsedText } from "./progress.ts";

const plain = picocolors.createColors(false);
const WIDTH = 100;

const net = (range: string, labels = "{}") => `Resources:
  Net:
    Type: VPC
    Properties:
      Name: net
      CIDRBlock: ${range}
      Labels: ${labels}
  Front:
    Type: Subnet
    Properties: {VpcID: !Ref Net, Name: front, CIDRBlock: !Select [0, !Cidr [!GetAtt Net.CIDRBlock, 1, 8]]}
Outputs:
  Id: {Value: !Ref Net}
`;

async function planned(stack: ReturnType<typeof stacksUnderTest>, text: string): Promise<Plan> {
  const { plan } = await stack.plan(text);
  if (!plan) throw new Error("the template of this test is valid");
  return plan;
}
/** Ids differ from run to run of the seed's users; their shape does not matter here. */
const shown = (plan: Plan) => planText(plan, plain, WIDTH).replace(/(vpc|subnet)-[0-9a-f]+/g, "$1-1");

describe("a plan as text", () => {
  test("of a new stack says what is made and where it is declared", async () => {
    const stack = stacksUnderTest([networks]);
    expect(shown(await planned(stack, net("10.0.0.0/16")))).toBe(
      `
web  2 resources: 2 to create                                                       plan of serial 0

  + VPC     Net    net    web.yaml:2
  + Subnet  Front  front  web.yaml:8

  + output  Id  (known after apply)
`.trim(),
    );
  });

  test("of an unchanged stack is one line", async () => {
    const stack = stacksUnderTest([networks]);
    await stack.deploy(net("10.0.0.0/16"));
    expect(shown(await planned(stack, net("10.0.0.0/16")))).toBe(
      "web  2 resources: 2 unchanged                                                       plan of serial 1",
    );
  });

  test("of a change in place shows the property, old and new", async () => {
    const stack = stacksUnderTest([networks]);
    await stack.deploy(net("10.0.0.0/16", "{tier: blue}"));
    expect(shown(await planned(stack, net("10.0.0.0/16", "{tier: green}")))).toBe(
      `
web  2 resources: 1 to update, 1 unchanged                                          plan of serial 1

  ~ VPC  Net  vpc-1  Labels.tier  "blue" -> "green"  web.yaml:7
`.trim(),
    );
  });

  test("of a replacement says what forces it, and what follows from it", async () => {
    const stack = stacksUnderTest([networks]);
    await stack.deploy(net("10.0.0.0/16"));
    const text = shown(await planned(stack, net("10.1.0.0/16")));
    expect(text).toContain('± VPC     Net    vpc-1     CIDRBlock  "10.0.0.0/16" -> "10.1.0.0/16"  forces replacement');
    expect(text).toContain(
      '± Subnet  Front  subnet-1  VpcID      "vpc-1" -> (known after apply: Net)  forces replacement',
    );
    expect(text).toContain('~ output  Id  "vpc-1" -> (known after apply)');
  });

  test("shows what was changed outside the stack", async () => {
    const stack = stacksUnderTest([networks]);
    await stack.deploy(net("10.0.0.0/16", "{owner: ops}"));
    const scope = { account: "111111111111", region: "us-east-1" };
    const { vpcs } = (await stack.calls.call(networks, "listVpcs", {}, scope)) as {
      vpcs: { id: string; name: string }[];
    };
    const [vpc] = vpcs;
    await stack.calls.call(networks, "updateVpc", { vpcId: vpc?.id ?? "", name: "net", labels: {} }, scope);
    const text = shown(await planned(stack, net("10.0.0.0/16", "{owner: ops}")));
    expect(text).toContain(
      'drift: Net was changed outside this stack: Labels.owner "ops" -> (absent); this plan restores it',
    );
  });
});

describe("the progress of a deployment", () => {
  const plan = {
    file: "web.yaml",
    changes: [
      { logicalId: "Net", type: "VPC", range: { line: 2 } },
      { logicalId: "Front", type: "Subnet", range: { line: 8 } },
    ],
  } as unknown as Plan;
  const told = (events: readonly Partial<StackEvent>[]): string[] => {
    const lines: string[] = [];
    const progress = createProgress(plain, plan, (line) => lines.push(line));
    for (const event of events)
      progress({ version: 1, stack: "web", deploymentId: "d-1", atMs: 0, ...event } as StackEvent);
    return lines;
  };

  test("is one line a step, with how long it took", () => {
    expect(
      told([
        { status: "started" },
        { status: "begun", logicalId: "Net", type: "VPC", action: "create", atMs: 10 },
        { status: "done", logicalId: "Net", type: "VPC", action: "create", atMs: 13 },
      ]),
    ).toEqual(["  + VPC    Net   created   3 ms"]);
  });

  test("of one that fails tells why, where, and what is undone", () => {
    const cause = { logicalId: "Front", code: "SubnetOverlaps", message: "10.0.0.0/24 overlaps." };
    expect(
      told([
        { status: "done", logicalId: "Net", type: "VPC", action: "create" },
        { status: "failed", logicalId: "Front", type: "Subnet", action: "create", cause },
        { status: "rolling-back", cause },
        { status: "undone", logicalId: "Net", type: "VPC" },
      ]),
    ).toEqual([
      "  + VPC    Net   created",
      "  + Subnet Front failed    SubnetOverlaps: 10.0.0.0/24 overlaps.  web.yaml:8",
      "rolling back 1 change",
      "  - VPC    Net   undone",
    ]);
  });

  test("names a time in the unit that people would use", () => {
    expect([5, 1500, 90_000, 180_000, 7_200_000].map(elapsedText)).toEqual([
      "5 ms",
      "1.5 s",
      "90.0 s",
      "3 minutes",
      "2 hours",
    ]);
  });
});
