import type { Reader, Transaction } from "../../kernel/store.ts";
import type { Scope } from "../context.ts";
import { errors } from "./errors.ts";
import { instances, type Instance } from "./model.ts";

interface Place {
  readonly vpcId: string;
  readonly subnetId?: string | undefined;
}

/** What machines need of networks and volumes. */
export interface Ports {
  readonly networks: {
    requireSubnet(tx: Reader, ctx: Scope, subnetId: string): Promise<{ readonly id: string; readonly vpcId: string }>;
    occupy(tx: Transaction, ctx: Scope, place: Place, occupant: string): Promise<void>;
    vacate(tx: Transaction, ctx: Scope, place: Place, occupant: string): void;
  };
  readonly volumes: {
    attach(tx: Transaction, ctx: Scope, volumeId: string, instanceId: string): Promise<unknown>;
    detach(tx: Transaction, ctx: Scope, volumeId: string): Promise<unknown>;
    attachedTo(tx: Reader, ctx: Scope, instanceId: string): Promise<readonly string[]>;
  };
}

export async function requireInstance(tx: Reader, ctx: Scope, instanceId: string): Promise<Instance> {
  const instance = await instances.get(tx, ctx.account, ctx.region, instanceId);
  if (!instance) throw errors.InstanceNotFound({ instanceId });
  return instance;
}

/** What other services ask of machines, in their own transaction. */
export const machinesPort = { requireInstance };
