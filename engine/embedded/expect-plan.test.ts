import { expect, onTestFinished, test } from "vitest";
import { App, Resource, Stack } from "../../constructs/src/index.ts";
import { CloudStacks } from "./cloud-stacks.ts";
import { expectPlan } from "./expect-plan.ts";

/** Two stacks, the second of which uses the first. */
function shop(timeout = 30, range = "10.1.1.0/24"): App {
  const app = new App();
  const network = new Stack(app, "network");
  const net = new Resource(network, "Net", { type: "VPC", properties: { CIDRBlock: "10.1.0.0/16" } });
  const web = new Stack(app, "web");
  new Resource(web, "Front", { type: "Subnet", properties: { VpcID: net.ref, CIDRBlock: range } });
  new Resource(web, "Jobs", { type: "Queue", properties: { Name: "jobs", VisibilityTimeout: timeout } });
  return app;
}

test("an app's plan is held against what was deployed before", async () => {
  await expectPlan(shop(), { since: shop() }).toBeEmpty();
  await expectPlan(shop(60, "10.1.2.0/24"), { since: shop() }).toReplace("Front");
  await expectPlan(shop(60), { since: shop() }).toUpdate("Jobs");
  await expectPlan(shop(60), { since: shop() }).toLeave("Net", "Front");
});

test("what is not so is told with the plan", async () => {
  await expect(expectPlan(shop(60), { since: shop() }).toReplace("Jobs", "Front")).rejects.toThrow(
    [
      "expected to replace Jobs, Front, but the plan is",
      "network",
      "  none VPC Net",
      "web",
      "  none Subnet Front",
      "  update Queue Jobs (VisibilityTimeout)",
    ].join("\n"),
  );
});

test("a stack's plan is that in the cloud at hand, which it does not touch", async () => {
  const cloud = await CloudStacks.start();
  onTestFinished(() => cloud.stop());
  const network = shop().node.findChild("network") as Stack;
  await expectPlan(network, { on: cloud }).toCreate("Net");
  expect(await cloud.resources()).toEqual([]);
  const app = shop();
  const { stacks } = await cloud.deploy(app);
  expect(stacks.map(({ name, status }) => [name, status])).toEqual([
    ["network", "deployed"],
    ["web", "deployed"],
  ]);
  await expectPlan(app, { on: cloud }).toBeEmpty();
});
