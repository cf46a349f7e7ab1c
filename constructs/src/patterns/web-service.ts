import { Construct } from "constructs";
import { Bucket } from "../l2/bucket.ts";
import { Instance } from "../l2/instance.ts";
import { Network } from "../l2/network.ts";
import { Queue } from "../l2/queue.ts";

/** How a web service is made. */
export interface WebServiceProps {
  /** What its resources are named after: `shop` gives `shop-assets`, `shop-jobs`, `shop-1`. */
  readonly serviceName: string;
  /** What its machines run. */
  readonly image: string;
  /**
   * How many machines it has.
   * @default 2
   */
  readonly instances?: number;
  /**
   * How large the disk of each is, in GiB.
   * @default 10
   */
  readonly diskGiB?: number;
  /**
   * Its range of IPv4 addresses.
   * @default a free one
   */
  readonly cidrBlock?: string;
}

const INSTANCES = 2;
const DISK_GIB = 10;

/** A service on the web: machines in a network of its own, a bucket for what it serves, a queue for its jobs. */
export class WebService extends Construct {
  /** Where its machines stand. */
  readonly network: Network;
  /** Its machines. */
  readonly instances: Instance[];
  /** What it serves. */
  readonly assets: Bucket;
  /** What is to be done. */
  readonly jobs: Queue;

  constructor(scope: Construct, id: string, props: WebServiceProps) {
    super(scope, id);
    const { serviceName, image, instances = INSTANCES, diskGiB = DISK_GIB, cidrBlock } = props;
    this.network = new Network(this, "Net", {
      networkName: serviceName,
      ...(cidrBlock !== undefined && { cidrBlock }),
    });
    const front = this.network.subnet("Front");
    this.instances = Array.from(
      { length: instances },
      (_, index) =>
        new Instance(this, `Web${index + 1}`, {
          instanceName: `${serviceName}-${index + 1}`,
          image,
          subnet: front,
          diskGiB,
        }),
    );
    this.assets = new Bucket(this, "Assets", { bucketName: `${serviceName}-assets`, versioned: true });
    this.jobs = new Queue(this, "Jobs", { queueName: `${serviceName}-jobs` });
  }
}
