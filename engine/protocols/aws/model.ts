/**
 * An AWS service's wire model as it is after loading. The files in `engine/models/aws/` hold a compact form of this;
 * `load-model.ts` expands it. Only facts: names, shapes, bindings, constraints.
 */
export type AwsProtocol = "json" | "rest-json" | "rest-xml" | "query" | "ec2" | "rpc-v2-cbor";

export interface AwsModel {
  /** The folder name of botocore's data, e.g. `sqs`, `dynamodb`, `s3`: our name for the service too. */
  readonly id: string;
  readonly apiVersion: string;
  readonly serviceId: string;
  readonly endpointPrefix: string;
  readonly signingName: string;
  /** Every protocol the service answers, the one current SDKs prefer first. */
  readonly protocols: readonly AwsProtocol[];
  readonly jsonVersion?: "1.0" | "1.1";
  /** `AmazonSQS`, `DynamoDB_20120810`. */
  readonly targetPrefix?: string;
  readonly xmlNamespace?: string;
  /** Errors also carry `x-amzn-query-error` (the service once spoke query). */
  readonly isQueryCompatible: boolean;
  readonly operations: ReadonlyMap<string, AwsOperation>;
  readonly shapes: ReadonlyMap<string, Shape>;
}

export interface AwsOperation {
  readonly name: string;
  readonly method: string;
  /** REST template, e.g. `/{Bucket}/{Key+}?uploads`. */
  readonly uri: string;
  readonly status: number;
  readonly input?: StructureShape;
  readonly output?: StructureShape;
  /** Result wrapper of query (`SendMessageResult`). */
  readonly resultWrapper?: string;
  readonly errors: readonly StructureShape[];
  /** `api.` in front of the host, may hold `{Label}`s. */
  readonly hostPrefix?: string;
  readonly isDeprecated: boolean;
  readonly checksum?: {
    readonly requestAlgorithmMember?: string;
    readonly isRequired: boolean;
    readonly requestValidationModeMember?: string;
    readonly responseAlgorithms?: readonly string[];
  };
  readonly isUnsigned: boolean;
  /** The output's only member is the text of the root element itself (S3 GetBucketLocation). */
  readonly isUnwrapped?: boolean;
}

export type Shape = StructureShape | ListShape | MapShape | ScalarShape;

interface ShapeBase {
  readonly name: string;
  readonly isSensitive?: boolean;
}

export interface StructureShape extends ShapeBase {
  readonly type: "structure";
  readonly members: ReadonlyMap<string, Member>;
  readonly required: readonly string[];
  readonly isUnion: boolean;
  /** The member that is the HTTP body. */
  readonly payload?: string;
  /** rest-xml root element; query error code and status for errors. */
  readonly xmlName?: string;
  readonly xmlNamespace?: string;
  readonly isDocument?: boolean;
  readonly isEventStream?: boolean;
  /** Present on errors. */
  readonly error?: {
    readonly code: string;
    readonly queryCode?: string;
    readonly status?: number;
    readonly fault: "client" | "server";
  };
}

export interface Member {
  /** As SDKs and our bindings know it. */
  readonly name: string;
  readonly shape: Shape;
  /** Where it travels in REST; `body` elsewhere. */
  readonly location: "body" | "header" | "headers" | "querystring" | "uri" | "statusCode";
  /** The name on the wire: header, query key, label, JSON or XML element name (falls back to `name`). */
  readonly wireName: string;
  /**
   * Name in XML and in query forms, where it is not `wireName`: SQS says `Attributes` in JSON and `Attribute` in query;
   * a flattened list is named by its members; a payload by its root element.
   */
  readonly xmlName?: string;
  /** ec2 request name, when it differs. */
  readonly queryName?: string;
  readonly isFlattened: boolean;
  readonly isXmlAttribute: boolean;
  readonly xmlNamespace?: string;
  readonly isStreaming: boolean;
  readonly isIdempotencyToken: boolean;
  readonly isHostLabel: boolean;
  readonly isJsonValue: boolean;
  readonly timestampFormat?: TimestampFormat;
  readonly isEvent?: boolean;
  readonly isEventPayload?: boolean;
  readonly isEventHeader?: boolean;
}

export interface ListShape extends ShapeBase {
  readonly type: "list";
  readonly member: Shape;
  readonly memberWireName: string;
  readonly isFlattened: boolean;
  /** May hold nulls. */
  readonly isSparse?: boolean;
  readonly min?: number;
  readonly max?: number;
}

export interface MapShape extends ShapeBase {
  readonly type: "map";
  readonly key: Shape;
  readonly value: Shape;
  readonly keyWireName: string;
  readonly valueWireName: string;
  readonly isFlattened: boolean;
  /** May hold nulls. */
  readonly isSparse?: boolean;
  readonly min?: number;
  readonly max?: number;
}

export type TimestampFormat = "iso8601" | "rfc822" | "unixTimestamp";

export interface ScalarShape extends ShapeBase {
  readonly type:
    | "string" | "boolean" | "integer" | "long" | "float" | "double" | "blob" | "timestamp" | "character"
    | "bigInteger" | "bigDecimal";
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
  readonly timestampFormat?: TimestampFormat;
  readonly isStreaming?: boolean;
}

/** A wire failure, before a protocol has given it a form. */
export interface AwsWireFailure {
  /** The modern code, e.g. `QueueDoesNotExist`. */
  readonly code: string;
  /** The query-protocol code where it differs, e.g. `AWS.SimpleQueueService.NonExistentQueue`. */
  readonly queryCode?: string;
  readonly status: number;
  readonly message: string;
  readonly fault: "client" | "server";
  /** Further members of the error shape (`Resource`, `BucketName`, `CancellationReasons`). */
  readonly members?: Readonly<Record<string, unknown>>;
  /** Further headers, e.g. `x-amz-delete-marker`. */
  readonly headers?: Readonly<Record<string, string>>;
}
