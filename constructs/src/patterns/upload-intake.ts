import { Construct } from "constructs";
import { Bucket } from "../l2/bucket.ts";
import { Queue } from "../l2/queue.ts";
import { Table } from "../l2/table.ts";

/** How an intake is made. */
export interface UploadIntakeProps {
  /** What its resources are named after: `claims` gives `claims-uploads`, `claims-work`, `claims-results`. */
  readonly intakeName: string;
  /**
   * Only objects whose keys begin so are worked on.
   * @default all of them
   */
  readonly prefix?: string;
  /**
   * After how many days uploads are deleted.
   * @default they are kept
   */
  readonly expireAfterDays?: number;
}

/** Files come into a bucket, a queue tells workers of each, and a table holds what became of it. */
export class UploadIntake extends Construct {
  /** Where files come in. */
  readonly uploads: Bucket;
  /** One message for each file; what fails too often goes to its dead letters. */
  readonly work: Queue;
  /** What became of each file: by `upload`, and by `status` and `finishedAt`. */
  readonly results: Table;

  constructor(scope: Construct, id: string, props: UploadIntakeProps) {
    super(scope, id);
    const { intakeName, prefix, expireAfterDays } = props;
    this.work = new Queue(this, "Work", { queueName: `${intakeName}-work`, visibilityTimeoutSeconds: 60 });
    this.uploads = new Bucket(this, "Uploads", {
      bucketName: `${intakeName}-uploads`,
      ...(expireAfterDays !== undefined && { expireAfterDays }),
    });
    this.uploads.onObjectCreated(this.work, prefix === undefined ? {} : { prefix });
    this.results = new Table(this, "Results", {
      tableName: `${intakeName}-results`,
      partitionKey: { name: "upload" },
      timeToLiveAttribute: "expiresAt",
    });
    this.results.addIndex({
      indexName: "by-status",
      partitionKey: { name: "status" },
      sortKey: { name: "finishedAt", type: "N" },
    });
  }
}
