/** What an app was synthesized to. */
export interface Assembly {
  /** The folder it was written to. */
  readonly directory: string;
  /** The stacks, those that others depend on first. */
  readonly stacks: AssembledStack[];
}

/** One stack of an app, as it was synthesized. */
export interface AssembledStack {
  /** What it is called where it is deployed. */
  readonly name: string;
  /** Its place in the app: the ids on the way to it. */
  readonly path: string;
  /** Its template as a plain object. */
  readonly template: { readonly [section: string]: unknown };
  /** The template's file, in the folder. */
  readonly templateFile: string;
  /** Names of the stacks to deploy first. */
  readonly dependencies: string[];
  /** The account it is deployed to; nothing when that is chosen at deployment. */
  readonly account?: string;
  /** The region it is deployed to; nothing when that is chosen at deployment. */
  readonly region?: string;
  /** Given to every resource of it that takes tags. */
  readonly tags: { readonly [key: string]: string };
  /** Values of its template's parameters. */
  readonly parameters: { readonly [name: string]: string };
  /** Files to put into a bucket before it is deployed. */
  readonly assets: AssembledAsset[];
}

/** A file that a stack needs to find in a bucket. */
export interface AssembledAsset {
  /** The hash of what it holds, in hexadecimal digits. */
  readonly id: string;
  /** The file or folder, in the output folder. */
  readonly path: string;
  /** A folder is uploaded as a zip archive. */
  readonly kind: "file" | "directory";
  /** The bucket; `${AWS::AccountId}` and `${AWS::Region}` in it are to be filled in. */
  readonly bucket: string;
  /** The key in the bucket. */
  readonly key: string;
}
