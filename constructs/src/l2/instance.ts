import { Construct } from "constructs";
import type { Resource } from "../resource.ts";
import { Instance as InstanceResource } from "../types/instance.generated.ts";
import { Volume } from "../types/volume.generated.ts";
import { ONLY_RESOURCE } from "./policy.ts";

/** How a machine is made. */
export interface InstanceProps {
  /** @default generated */
  readonly instanceName?: string;
  /** What it runs: `alpine:3.22`. */
  readonly image: string;
  /** Where it stands. */
  readonly subnet: Resource;
  /**
   * How large it is.
   * @default small
   */
  readonly size?: string;
  /**
   * How large its disk is, in GiB.
   * @default it has none
   */
  readonly diskGiB?: number;
}

/** A machine in a subnet, with a disk that is kept when the machine is replaced. */
export class Instance extends Construct {
  /** The machine itself. */
  readonly resource: Resource;
  /** Its disk; nothing when it has none. */
  readonly disk?: Resource;

  constructor(scope: Construct, id: string, props: InstanceProps) {
    super(scope, id);
    const { instanceName, image, subnet, size, diskGiB } = props;
    if (diskGiB !== undefined) {
      const name = instanceName === undefined ? {} : { name: `${instanceName}-disk` };
      this.disk = new Volume(this, "Disk", { ...name, size: diskGiB });
    }
    this.resource = new InstanceResource(this, ONLY_RESOURCE, {
      ...(instanceName !== undefined && { name: instanceName }),
      image,
      ...(size !== undefined && { size }),
      subnetId: subnet.ref,
      ...(this.disk && { volumeId: this.disk.ref }),
    });
  }

  /** The machine's id. */
  get instanceId(): string {
    return this.resource.ref;
  }
}
