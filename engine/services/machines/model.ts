import { records, subspace } from "../../kernel/subspace.ts";
import { errors } from "./errors.ts";

export type Labels = Readonly<Record<string, string>>;

/** Where an instance may go from where it is; every change of state follows this table. */
export const TRANSITIONS = {
  pending: ["running", "terminated"],
  running: ["stopping", "terminated"],
  stopping: ["stopped", "terminated"],
  stopped: ["pending", "terminated"],
  terminated: [],
} as const satisfies Record<string, readonly string[]>;

export type InstanceState = keyof typeof TRANSITIONS;
export const INSTANCE_STATES = Object.keys(TRANSITIONS) as readonly InstanceState[];

export interface Instance {
  readonly version: 1;
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly size: string;
  readonly vpcId?: string;
  readonly subnetId?: string;
  readonly state: InstanceState;
  readonly stateChangedAtMs: number;
  readonly labels: Labels;
  readonly createdAtMs: number;
}

const instanceSpace = subspace<[account: string, region: string, id: string]>("machines", "instance");
export const instances = records<Instance, [string, string, string]>(instanceSpace);

export const SIZE_DEFAULT = "small";

/** The instance after it went through `states` in order; refuses a step that the table does not have. */
export function inStates(instance: Instance, states: readonly InstanceState[], nowMs: number): Instance {
  let from = instance.state;
  for (const state of states) {
    if (!(TRANSITIONS[from] as readonly InstanceState[]).includes(state)) {
      throw errors.InstanceStateConflict({ instanceId: instance.id, state: from, wanted: state });
    }
    from = state;
  }
  return { ...instance, state: from, stateChangedAtMs: nowMs };
}
