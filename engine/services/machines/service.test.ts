import { describe, expect, test } from "vitest";
import { serviceUnderTest } from "../../testing/service-calls.ts";
import { networks } from "../networks/service.ts";
import { volumes } from "../volumes/service.ts";
import { inStates, TRANSITIONS, type Instance, type InstanceState } from "./model.ts";
import { machines } from "./service.ts";

const SCOPE = { account: "111111111111", region: "us-east-1" };

async function startWithNetwork() {
  const under = serviceUnderTest(machines, [networks, volumes]);
  const vpc = await under.calls.call(networks, "createVpc", {}, SCOPE);
  const subnet = await under.calls.call(networks, "createSubnet", { vpcId: vpc.id }, SCOPE);
  return { ...under, vpcId: vpc.id, subnetId: subnet.id };
}

describe("an instance", () => {
  test("runs once created, in the VPC of its subnet", async () => {
    const { call, vpcId, subnetId } = await startWithNetwork();
    const instance = await call("runInstance", { image: "alpine", subnetId, name: "web" });
    expect(instance).toMatchObject({ state: "running", size: "small", name: "web", vpcId, subnetId });
    expect(await call("getInstance", { instanceId: instance.id })).toEqual(instance);
  });

  test("stops and starts, at the time of the clock", async () => {
    const { call, clock } = await startWithNetwork();
    const { id: instanceId } = await call("runInstance", { image: "alpine" });
    clock.advanceSeconds(60);
    expect(await call("stopInstance", { instanceId })).toMatchObject({
      state: "stopped",
      stateChangedAtMs: clock.nowMs(),
    });
    await expect(call("stopInstance", { instanceId })).rejects.toMatchObject({
      code: "InstanceStateConflict",
      message: `Instance ${instanceId} is stopped, from where it cannot become stopping.`,
    });
    expect(await call("startInstance", { instanceId })).toMatchObject({ state: "running" });
  });

  test("holds its subnet and VPC until it is terminated", async () => {
    const { call, calls, vpcId, subnetId } = await startWithNetwork();
    const { id: instanceId } = await call("runInstance", { image: "alpine", subnetId });
    await expect(calls.call(networks, "deleteSubnet", { subnetId }, SCOPE)).rejects.toMatchObject({
      code: "SubnetInUse",
      details: { usedBy: instanceId },
    });
    expect(await call("terminateInstance", { instanceId })).toMatchObject({ state: "terminated" });
    await calls.call(networks, "deleteSubnet", { subnetId }, SCOPE);
    await calls.call(networks, "deleteVpc", { vpcId }, SCOPE);
    await expect(call("getInstance", { instanceId })).rejects.toMatchObject({ code: "InstanceNotFound" });
  });

  test("in a VPC that its subnet is not part of is refused", async () => {
    const { call, calls, subnetId, vpcId: actualVpcId } = await startWithNetwork();
    const { id: vpcId } = await calls.call(networks, "createVpc", {}, SCOPE);
    await expect(call("runInstance", { image: "alpine", subnetId, vpcId })).rejects.toMatchObject({
      code: "SubnetNotInVpc",
      message: `Subnet ${subnetId} is in ${actualVpcId}, not in ${vpcId}.`,
    });
  });

  test("keeps what an update does not name", async () => {
    const { call } = await startWithNetwork();
    const { id: instanceId } = await call("runInstance", { image: "alpine", labels: { tier: "blue" } });
    expect(await call("updateInstance", { instanceId, size: "large" })).toMatchObject({
      size: "large",
      labels: { tier: "blue" },
    });
  });

  test("is listed in order of id, page by page", async () => {
    const { call } = await startWithNetwork();
    const made = await Promise.all(["a", "b", "c"].map((name) => call("runInstance", { image: "alpine", name })));
    const ids = made.map((instance) => instance.id).sort();
    const first = await call("listInstances", { limit: 2 });
    const rest = await call("listInstances", { after: first.instances.at(-1)?.id ?? "" });
    expect([...first.instances, ...rest.instances].map((instance) => instance.id)).toEqual(ids);
  });

  test("changes state only along the table", () => {
    const states = Object.keys(TRANSITIONS) as InstanceState[];
    for (const from of states) {
      for (const to of states) {
        const instance = { id: "i-1", state: from } as Instance;
        const isAllowed = (TRANSITIONS[from] as readonly string[]).includes(to);
        if (isAllowed) expect(inStates(instance, [to], 7)).toMatchObject({ state: to, stateChangedAtMs: 7 });
        else
          expect(() => inStates(instance, [to], 7)).toThrow(
            `Instance i-1 is ${from}, from where it cannot become ${to}.`,
          );
      }
    }
  });
});
