import { invariant } from "../../platform/invariant.ts";
import type {
  Artefact,
  PackedChecksum,
  PackedError,
  PackedMember,
  PackedMeta,
  PackedOperation,
  PackedShape,
  PackedStructure,
} from "../../protocols/aws/artefact.ts";
import type { SourceMetadata, SourceOperation, SourceReference, SourceShape, SourceTraits } from "./botocore.ts";
import type { RepairedModel } from "./repairs.ts";

/** The order in which current SDKs choose among the protocols of a service. */
const PREFERENCE = ["json", "rest-json", "rest-xml", "rpc-v2-cbor", "query", "ec2"];

/** Leaves out what has no value, so that absence means the usual. */
function present<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined | false> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== false)) as {
    [K in keyof T]: Exclude<T[K], undefined | false>;
  };
}

const flag = (value: boolean | undefined): true | undefined => (value === true ? true : undefined);
const uriOf = (namespace: SourceTraits["xmlNamespace"]) => (typeof namespace === "object" ? namespace.uri : namespace);

/** One service's artefact. Equal scalars become one; every other shape keeps its name and botocore's order. */
export function compile(id: string, model: RepairedModel): Artefact {
  const meta = packMeta(id, model.metadata);
  const shapes = new ShapePacker(model, meta);
  const operations = Object.entries(model.operations).map(
    ([name, operation]) => [name, packOperation(operation, shapes, model.unwrapped.includes(name))] as const,
  );
  // Errors that no operation lists are still answered (throttling, access denied), and found by name.
  for (const [name, shape] of Object.entries(model.shapes)) if (shape.exception === true) shapes.place({ shape: name });
  return { m: meta, o: Object.fromEntries(operations), s: shapes.packed };
}

function packMeta(id: string, source: SourceMetadata): PackedMeta {
  const protocols = (source.protocols ?? [source.protocol]).map((protocol) => protocol.replace(/^smithy-/, ""));
  for (const protocol of protocols)
    invariant(PREFERENCE.includes(protocol), `${protocol} of ${id} is a protocol we know`);
  return present({
    id,
    apiVersion: source.apiVersion,
    serviceId: source.serviceId,
    endpointPrefix: source.endpointPrefix,
    signingName: source.signingName ?? source.endpointPrefix,
    protocols: protocols.sort((a, b) => PREFERENCE.indexOf(a) - PREFERENCE.indexOf(b)),
    jsonVersion: protocols.includes("json") ? (source.jsonVersion ?? "1.0") : undefined,
    targetPrefix: source.targetPrefix,
    xmlNamespace: uriOf(source.xmlNamespace),
    isQueryCompatible: source.awsQueryCompatible === undefined ? undefined : (true as const),
  }) as PackedMeta;
}

function packOperation(source: SourceOperation, shapes: ShapePacker, isUnwrapped: boolean): PackedOperation {
  const { method, requestUri, responseCode } = source.http;
  const isUnsigned =
    source.authtype === "none" || source.auth?.every((scheme) => scheme === "smithy.api#noAuth") === true;
  return present({
    m: method === "POST" ? undefined : method,
    u: requestUri === "/" ? undefined : requestUri,
    c: responseCode === 200 ? undefined : responseCode,
    i: source.input === undefined ? undefined : shapes.place({ shape: source.input.shape }),
    o: source.output === undefined ? undefined : shapes.place({ shape: source.output.shape }),
    w: source.output?.resultWrapper,
    e:
      source.errors === undefined || source.errors.length === 0
        ? undefined
        : source.errors.map((error) => shapes.place(error, "error")),
    h: source.endpoint?.hostPrefix,
    isDeprecated: flag(source.deprecated),
    isUnsigned: flag(isUnsigned),
    isUnwrapped: flag(isUnwrapped),
    checksum: packChecksum(source),
  }) as PackedOperation;
}

function packChecksum(source: SourceOperation): PackedChecksum | undefined {
  const { httpChecksum, httpChecksumRequired } = source;
  if (httpChecksum === undefined && httpChecksumRequired === undefined) return undefined;
  return present({
    algorithmMember: httpChecksum?.requestAlgorithmMember,
    isRequired: flag(httpChecksum?.requestChecksumRequired ?? httpChecksumRequired),
    validationModeMember: httpChecksum?.requestValidationModeMember,
    responseAlgorithms: httpChecksum?.responseAlgorithms,
  }) as PackedChecksum;
}

class ShapePacker {
  readonly packed: PackedShape[] = [];
  readonly #model: RepairedModel;
  readonly #meta: PackedMeta;
  readonly #places = new Map<string, number>();

  constructor(model: RepairedModel, meta: PackedMeta) {
    this.#model = model;
    this.#meta = meta;
  }

  /** Where a shape stands in the list, after adding it if need be. */
  place(reference: SourceReference, role?: "error"): number {
    const shape = this.source(reference.shape);
    if (!["structure", "list", "map"].includes(shape.type)) {
      const scalar = packScalar({ ...shape, ...(reference.enum === undefined ? {} : { enum: reference.enum }) });
      return this.#placeAt(JSON.stringify(scalar), () => scalar);
    }
    return this.#placeAt(reference.shape, () => {
      if (shape.type === "list") return this.#packList(reference.shape, shape);
      if (shape.type === "map") return this.#packMap(reference.shape, shape);
      const isError = role === "error" || shape.exception === true || shape.error !== undefined;
      return this.#packStructure(
        reference.shape,
        isError ? { ...shape, error: shape.error ?? reference.error ?? {} } : shape,
      );
    });
  }

  source(name: string): SourceShape {
    const shape = this.#model.shapes[name];
    invariant(shape !== undefined, `${this.#meta.id} has the shape ${name} that it refers to`);
    return shape;
  }

  #placeAt(key: string, pack: () => PackedShape): number {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.packed.length;
    this.#places.set(key, place);
    // Holds the place: a shape may contain itself.
    this.packed.push({ t: "pending" });
    this.packed[place] = pack();
    return place;
  }

  #packList(name: string, shape: SourceShape): PackedShape {
    const member = shape.member!;
    return present({
      n: name,
      l: this.place(member),
      w: member.xmlName ?? this.#wireNameOf(member),
      isFlattened: flag(shape.flattened),
      isSparse: flag(shape.sparse),
      ...limitsOf(shape),
    }) as PackedShape;
  }

  #packMap(name: string, shape: SourceShape): PackedShape {
    const { key, value } = shape;
    return present({
      n: name,
      k: this.place(key!),
      v: this.place(value!),
      kw: key!.xmlName ?? this.#wireNameOf(key!),
      vw: value!.xmlName ?? this.#wireNameOf(value!),
      isFlattened: flag(shape.flattened),
      isSparse: flag(shape.sparse),
      ...limitsOf(shape),
    }) as PackedShape;
  }

  #packStructure(name: string, shape: SourceShape): PackedStructure {
    const members = Object.entries(shape.members ?? {}).map(
      ([member, reference]) => [member, this.#packMember(member, reference, shape.payload === member)] as const,
    );
    return present({
      n: name,
      m: Object.fromEntries(members),
      r: shape.required === undefined || shape.required.length === 0 ? undefined : shape.required,
      p: shape.payload,
      x: shape.xmlName,
      xmlNamespace: uriOf(shape.xmlNamespace),
      isSensitive: flag(shape.sensitive),
      isUnion: flag(shape.union),
      isDocument: flag(shape.document),
      isEventStream: flag(shape.eventstream),
      isEvent: flag(shape.event),
      error: shape.error === undefined ? undefined : this.#packError(name, shape),
    }) as PackedStructure;
  }

  #packError(name: string, shape: SourceShape): PackedError {
    const { code, httpStatusCode, senderFault } = shape.error!;
    // A service that only once spoke query names its errors by their shapes now; `code` is what it said then.
    const queryCode = shape.queryCode ?? (this.#meta.isQueryCompatible === true ? code : undefined);
    const wireCode = this.#meta.isQueryCompatible === true ? undefined : code;
    return present({
      code: wireCode === name ? undefined : wireCode,
      queryCode: queryCode === name ? undefined : queryCode,
      status: httpStatusCode,
      isServerFault: flag(senderFault !== true && (shape.fault === true || (httpStatusCode ?? 400) >= 500)),
    }) as PackedError;
  }

  #packMember(name: string, reference: SourceReference, isPayload: boolean): number | PackedMember {
    const shape = this.source(reference.shape);
    const traits: SourceTraits = { ...shape, ...reference };
    const wireName = this.#wireNameOf(reference);
    const packed = present({
      s: this.place(reference),
      l: traits.location,
      w: wireName === name ? undefined : wireName,
      x: this.#xmlNameOf(name, reference, isPayload),
      q: this.#queryNameOf(name, traits),
      t: reference.timestampFormat,
      isFlattened: flag(traits.flattened),
      isXmlAttribute: flag(traits.xmlAttribute),
      xmlNamespace: uriOf(reference.xmlNamespace),
      isStreaming: flag(traits.streaming),
      isIdempotencyToken: flag(traits.idempotencyToken),
      isHostLabel: flag(traits.hostLabel),
      isJsonValue: flag(traits.jsonvalue),
      isEventPayload: flag(traits.eventpayload),
      isEventHeader: flag(traits.eventheader),
    }) as PackedMember;
    return Object.keys(packed).length === 1 ? packed.s : packed;
  }

  #wireNameOf(reference: SourceReference): string | undefined {
    return reference.locationName ?? this.source(reference.shape).locationName;
  }

  /** The name in XML and forms, where that is not the wire name. */
  #xmlNameOf(name: string, reference: SourceReference, isPayload: boolean): string | undefined {
    const shape = this.source(reference.shape);
    const wireName = this.#wireNameOf(reference);
    const isRoot = isPayload && shape.type === "structure" && this.#meta.protocols.includes("rest-xml");
    const isFlatList =
      shape.type === "list" &&
      (reference.flattened ?? shape.flattened) === true &&
      !this.#meta.protocols.includes("ec2");
    const xmlName =
      reference.xmlName ??
      (isRoot ? (wireName ?? shape.xmlName ?? reference.shape) : undefined) ??
      // A flattened list has no element of its own: what names its members names it.
      (isFlatList ? this.#wireNameOf(shape.member!) : undefined);
    return xmlName === (wireName ?? name) ? undefined : xmlName;
  }

  /** ec2 requests capitalise the names that ec2 responses use. */
  #queryNameOf(name: string, traits: SourceTraits): string | undefined {
    if (!this.#meta.protocols.includes("ec2")) return undefined;
    const { locationName } = traits;
    const capitalised =
      locationName === undefined ? undefined : locationName.charAt(0).toUpperCase() + locationName.slice(1);
    const queryName = traits.queryName ?? capitalised ?? name;
    return queryName === (locationName ?? name) ? undefined : queryName;
  }
}

function packScalar(shape: SourceShape): PackedShape {
  return present({
    t: shape.type,
    e: shape.enum,
    p: shape.pattern,
    f: shape.timestampFormat,
    isStreaming: flag(shape.streaming),
    ...limitsOf(shape),
  }) as PackedShape;
}

function limitsOf(shape: SourceShape) {
  return { a: shape.min, z: shape.max, isSensitive: flag(shape.sensitive) };
}
