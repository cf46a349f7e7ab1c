/** An operation that is about to be carried out, whichever door it came through. */
export interface OperationCall {
  readonly account: string;
  readonly region: string;
  /** Whose operation it is: `aws`, or `native` for the engine's own services and resource types. */
  readonly cloud: string;
  /** `s3`; of a native one its capability: `objects`. */
  readonly service: string;
  /** `CreateBucket`, `createBucket` of the native API; a resource type's handler is `Bucket.create`. */
  readonly operation: string;
  /** What it is about, as far as the call names it: a name, a path or an ARN; of a handler `web/Uploads`. */
  readonly resource?: string | undefined;
  /** What else it is about, of one that names several: the other tables of a batch. */
  readonly alsoAbout?: readonly string[] | undefined;
  /** True of a resource type's handler, which may make operations of a cloud of its own. */
  readonly isHandler?: boolean;
}
