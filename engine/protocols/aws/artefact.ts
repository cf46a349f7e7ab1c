/**
 * The compact form of a model, one file per service in `engine/models/aws/`. Shapes refer to each other by their place
 * in the list `s`; what has its usual value is left out. `load-model.ts` expands it, `models/compile-aws/` writes it.
 */
export interface Artefact {
  readonly m: PackedMeta;
  /** Operations by name. */
  readonly o: Readonly<Record<string, PackedOperation>>;
  readonly s: readonly PackedShape[];
}

/** What is known of a service without opening its operations: also the row of the index. */
export interface PackedMeta {
  readonly id: string;
  readonly apiVersion: string;
  readonly serviceId: string;
  readonly endpointPrefix: string;
  readonly signingName: string;
  readonly protocols: readonly string[];
  readonly jsonVersion?: string;
  readonly targetPrefix?: string;
  readonly xmlNamespace?: string;
  readonly isQueryCompatible?: true;
}

export interface PackedOperation {
  /** Method; usually POST. */
  readonly m?: string;
  /** URI template; usually `/`. */
  readonly u?: string;
  /** Status of success; usually 200. */
  readonly c?: number;
  /** Input and output shapes. */
  readonly i?: number;
  readonly o?: number;
  /** Result wrapper of query. */
  readonly w?: string;
  /** Error shapes. */
  readonly e?: readonly number[];
  /** Host prefix. */
  readonly h?: string;
  readonly isDeprecated?: true;
  readonly isUnsigned?: true;
  /** The output's only member is the text of the root element. */
  readonly isUnwrapped?: true;
  readonly checksum?: PackedChecksum;
}

export interface PackedChecksum {
  readonly algorithmMember?: string;
  readonly isRequired?: true;
  readonly validationModeMember?: string;
  readonly responseAlgorithms?: readonly string[];
}

export type PackedShape = PackedStructure | PackedList | PackedMap | PackedScalar;

export interface PackedStructure {
  readonly n: string;
  /** Members: the shape alone when it travels in the body under its own name. */
  readonly m: Readonly<Record<string, number | PackedMember>>;
  /** Required members. */
  readonly r?: readonly string[];
  /** Payload member. */
  readonly p?: string;
  /** XML root element. */
  readonly x?: string;
  readonly xmlNamespace?: string;
  readonly isSensitive?: true;
  readonly isUnion?: true;
  readonly isDocument?: true;
  readonly isEventStream?: true;
  readonly isEvent?: true;
  readonly error?: PackedError;
}

export interface PackedError {
  /** Wire code, when it is not the shape's name. */
  readonly code?: string;
  readonly queryCode?: string;
  readonly status?: number;
  readonly isServerFault?: true;
}

export interface PackedMember {
  readonly s: number;
  /** Location: header, headers, querystring, uri, statusCode. */
  readonly l?: string;
  /** Name on the wire. */
  readonly w?: string;
  /** Name in XML and forms, where it is not `w`. */
  readonly x?: string;
  /** ec2 request name. */
  readonly q?: string;
  /** Timestamp format. */
  readonly t?: string;
  readonly isFlattened?: true;
  readonly isXmlAttribute?: true;
  readonly xmlNamespace?: string;
  readonly isStreaming?: true;
  readonly isIdempotencyToken?: true;
  readonly isHostLabel?: true;
  readonly isJsonValue?: true;
  readonly isEventPayload?: true;
  readonly isEventHeader?: true;
}

interface PackedLimits {
  /** Least and greatest length, size or value. */
  readonly a?: number;
  readonly z?: number;
  readonly isSensitive?: true;
}

export interface PackedList extends PackedLimits {
  readonly n: string;
  /** The members' shape. */
  readonly l: number;
  /** Element name of a member; usually `member` (`item` for ec2). */
  readonly w?: string;
  readonly isFlattened?: true;
  readonly isSparse?: true;
}

export interface PackedMap extends PackedLimits {
  readonly n: string;
  readonly k: number;
  readonly v: number;
  /** Element names of keys and values; usually `key` and `value`. */
  readonly kw?: string;
  readonly vw?: string;
  readonly isFlattened?: true;
  readonly isSparse?: true;
}

/** Equal scalars are one shape, so they have no names. */
export interface PackedScalar extends PackedLimits {
  readonly t: string;
  /** Enum values. */
  readonly e?: readonly string[];
  /** Pattern. */
  readonly p?: string;
  /** Timestamp format. */
  readonly f?: string;
  readonly isStreaming?: true;
}
