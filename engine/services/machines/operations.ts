import { Type } from "typebox";
import { operationUsing } from "../operation.ts";
import { moveThrough, runInstance, terminateInstance, updateInstance } from "./instances.ts";
import { INSTANCE_STATES, instances } from "./model.ts";
import { requireInstance, type Ports } from "./ports.ts";

const operation = operationUsing<Ports>();

const name = Type.String({ minLength: 1, maxLength: 255, description: "A name for people; need not be unique." });
const image = Type.String({ minLength: 1, description: "What it runs; recorded, nothing is started." });
const size = Type.String({
  minLength: 1,
  description: "How large it is, in the words of its cloud; `small` when omitted.",
});
const labels = Type.Record(Type.String(), Type.String());
const instanceId = Type.String();
const PAGE_SIZE_DEFAULT = 100;

const instance = Type.Object({
  version: Type.Literal(1),
  id: Type.String(),
  name: Type.String(),
  image: Type.String(),
  size: Type.String(),
  vpcId: Type.Optional(Type.String()),
  subnetId: Type.Optional(Type.String()),
  state: Type.Enum([...INSTANCE_STATES]),
  stateChangedAtMs: Type.Integer(),
  labels,
  createdAtMs: Type.Integer(),
});

export const operations = {
  runInstance: operation({
    summary: "Creates an instance and starts it.",
    input: Type.Object({
      name: Type.Optional(name),
      image,
      size: Type.Optional(size),
      vpcId: Type.Optional(Type.String()),
      subnetId: Type.Optional(Type.String()),
      labels: Type.Optional(labels),
    }),
    output: instance,
    effects: "write",
    errors: ["VpcNotFound", "SubnetNotFound", "SubnetNotInVpc"],
    run: runInstance,
  }),
  getInstance: operation({
    summary: "Reads one instance.",
    input: Type.Object({ instanceId }),
    output: instance,
    effects: "read",
    errors: ["InstanceNotFound"],
    run: (tx, input, ctx) => requireInstance(tx, ctx, input.instanceId),
  }),
  listInstances: operation({
    summary: "Lists instances in order of id.",
    input: Type.Object({
      after: Type.Optional(Type.String({ description: "The last id of the page before." })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
    }),
    output: Type.Object({ instances: Type.Array(instance) }),
    effects: "read",
    errors: [],
    async run(tx, input, ctx) {
      const page = { ...input, limit: input.limit ?? PAGE_SIZE_DEFAULT };
      return { instances: await instances.page(tx, [ctx.account, ctx.region], page) };
    },
  }),
  updateInstance: operation({
    summary: "Changes an instance's name or size, or replaces its labels.",
    input: Type.Object({
      instanceId,
      name: Type.Optional(name),
      size: Type.Optional(size),
      labels: Type.Optional(labels),
    }),
    output: instance,
    effects: "write",
    errors: ["InstanceNotFound"],
    run: (tx, input, ctx) => updateInstance(tx, input.instanceId, input, ctx),
  }),
  stopInstance: operation({
    summary: "Stops a running instance.",
    input: Type.Object({ instanceId }),
    output: instance,
    effects: "write",
    errors: ["InstanceNotFound", "InstanceStateConflict"],
    run: (tx, input, ctx) => moveThrough(tx, input.instanceId, ["stopping", "stopped"], ctx),
  }),
  startInstance: operation({
    summary: "Starts a stopped instance.",
    input: Type.Object({ instanceId }),
    output: instance,
    effects: "write",
    errors: ["InstanceNotFound", "InstanceStateConflict"],
    run: (tx, input, ctx) => moveThrough(tx, input.instanceId, ["pending", "running"], ctx),
  }),
  terminateInstance: operation({
    summary: "Ends an instance for good; its volumes are detached and stay.",
    input: Type.Object({ instanceId }),
    output: instance,
    effects: "write",
    errors: ["InstanceNotFound"],
    run: (tx, input, ctx) => terminateInstance(tx, input.instanceId, ctx),
  }),
};
