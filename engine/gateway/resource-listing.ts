/** A resource as it is found, whoever made it. */
export interface ResourceListing {
  readonly type: string;
  /** Other types that show the same record: `AWS::S3::Bucket` of a `Bucket`. */
  readonly alsoCalled?: readonly string[];
  readonly id: string;
  readonly properties: unknown;
  readonly attributes: unknown;
}
