import { Construct } from "constructs";
import { extname, resolve } from "node:path";
import { Fn } from "../language/fn.ts";
import { stackAround } from "../synthesis/stack-boundary.ts";
import { registerAsset } from "./deployed-assets.ts";
import { fingerprint } from "./fingerprint.ts";

/** What is put into a bucket before the stack is deployed. */
export interface AssetProps {
  /** A file, or a folder: that becomes a zip archive of what is in it. */
  readonly path: string;
  /** Names of files and folders that stay out, wherever in the folder they are: `node_modules`. */
  readonly exclude?: string[];
}

/** The bucket of an account and region for what its stacks are deployed with. */
const BUCKET = "cloudstacks-assets-${AWS::AccountId}-${AWS::Region}";

/**
 * A file or folder of the author's that a stack needs to find in a bucket: a program, a page, a configuration. It is
 * copied to the output folder under the hash of what it holds, and uploaded when the stack is deployed.
 */
export class Asset extends Construct {
  /**
   * Whether something is an asset.
   * @param value anything
   */
  static isAsset(value: unknown): value is Asset {
    return value instanceof Asset;
  }

  /** The hash of what it holds, in hexadecimal digits: the same files give the same hash. */
  readonly hash: string;
  /** The bucket it is in when the stack is deployed. */
  readonly bucketName: string;
  /** Its key there. */
  readonly objectKey: string;

  constructor(scope: Construct, id: string, props: AssetProps) {
    super(scope, id);
    if (!stackAround(this)) throw new Error(`${this.node.path} is not in a stack: its scope is a Stack or in one`);
    const path = resolve(props.path);
    const content = fingerprint(path, new Set(props.exclude));
    this.hash = content.hash;
    this.bucketName = Fn.sub(BUCKET);
    this.objectKey = content.hash + (content.kind === "directory" ? ".zip" : extname(path));
    registerAsset(this, { content, bucket: BUCKET, key: this.objectKey });
  }

  /** Where it is when the stack is deployed: `s3://bucket/key`. */
  get s3Url(): string {
    return `s3://${this.bucketName}/${this.objectKey}`;
  }
}
