import { invariant } from "../../platform/invariant.ts";
import type {
  PackedList,
  PackedMap,
  PackedMember,
  PackedMeta,
  PackedScalar,
  PackedShape,
  PackedStructure,
} from "./artefact.ts";
import type { ListShape, MapShape, Member, ScalarShape, Shape, StructureShape, TimestampFormat } from "./model.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Turns packed shapes into the model's, each at most once. A shape is known before what it contains is expanded, so
 * that one that contains itself ends. All fields are always written, in one order: the hot paths of the codecs then see
 * one hidden class for each kind of shape.
 */
export class ShapeExpander {
  readonly #packed: readonly PackedShape[];
  readonly #meta: PackedMeta;
  readonly #memberName: string;
  readonly #expanded: (Shape | undefined)[];

  constructor(packed: readonly PackedShape[], meta: PackedMeta) {
    this.#packed = packed;
    this.#meta = meta;
    this.#memberName = meta.protocols.includes("ec2") ? "item" : "member";
    this.#expanded = Array.from({ length: packed.length }, () => undefined);
  }

  at(place: number): Shape {
    const known = this.#expanded[place];
    if (known !== undefined) return known;
    const packed = this.#packed[place];
    invariant(packed !== undefined, `${this.#meta.id} has a shape at ${place}`);
    if ("m" in packed) return this.#structure(place, packed);
    if ("l" in packed) return this.#list(place, packed);
    if ("k" in packed) return this.#map(place, packed);
    return this.#scalar(place, packed);
  }

  #structure(place: number, packed: PackedStructure): StructureShape {
    const members = new Map<string, Member>();
    const { error } = packed;
    const shape: StructureShape = {
      type: "structure",
      name: packed.n,
      members,
      required: packed.r ?? [],
      isUnion: packed.isUnion ?? false,
      payload: packed.p,
      xmlName: packed.x,
      xmlNamespace: packed.xmlNamespace,
      isSensitive: packed.isSensitive ?? false,
      isDocument: packed.isDocument ?? false,
      isEventStream: packed.isEventStream ?? false,
      error:
        error === undefined
          ? undefined
          : {
              code: error.code ?? packed.n,
              queryCode: error.queryCode,
              status: error.status,
              fault: error.isServerFault === true ? "server" : "client",
            },
    };
    this.#expanded[place] = shape;
    for (const [name, member] of Object.entries(packed.m)) {
      members.set(name, this.#member(name, typeof member === "number" ? { s: member } : member));
    }
    return shape;
  }

  #member(name: string, packed: PackedMember): Member {
    const shape = this.at(packed.s);
    const target = this.#packed[packed.s]!;
    return {
      name,
      shape,
      location: (packed.l as Member["location"] | undefined) ?? "body",
      wireName: packed.w ?? name,
      xmlName: packed.x,
      queryName: packed.q,
      isFlattened: packed.isFlattened ?? false,
      isXmlAttribute: packed.isXmlAttribute ?? false,
      xmlNamespace: packed.xmlNamespace,
      isStreaming: packed.isStreaming ?? false,
      isIdempotencyToken: packed.isIdempotencyToken ?? false,
      isHostLabel: packed.isHostLabel ?? false,
      isJsonValue: packed.isJsonValue ?? false,
      timestampFormat: (packed.t as TimestampFormat | undefined) ?? (shape as ScalarShape).timestampFormat,
      isEvent: "m" in target && target.isEvent === true,
      isEventPayload: packed.isEventPayload ?? false,
      isEventHeader: packed.isEventHeader ?? false,
    };
  }

  #list(place: number, packed: PackedList): ListShape {
    const shape: Writable<Omit<ListShape, "member">> & { member?: Shape } = {
      type: "list",
      name: packed.n,
      member: undefined,
      memberWireName: packed.w ?? this.#memberName,
      isFlattened: packed.isFlattened ?? false,
      isSparse: packed.isSparse ?? false,
      isSensitive: packed.isSensitive ?? false,
      min: packed.a,
      max: packed.z,
    };
    this.#expanded[place] = shape as ListShape;
    shape.member = this.at(packed.l);
    return shape as ListShape;
  }

  #map(place: number, packed: PackedMap): MapShape {
    const shape: Writable<Omit<MapShape, "key" | "value">> & { key?: Shape; value?: Shape } = {
      type: "map",
      name: packed.n,
      key: undefined,
      value: undefined,
      keyWireName: packed.kw ?? "key",
      valueWireName: packed.vw ?? "value",
      isFlattened: packed.isFlattened ?? false,
      isSparse: packed.isSparse ?? false,
      isSensitive: packed.isSensitive ?? false,
      min: packed.a,
      max: packed.z,
    };
    this.#expanded[place] = shape as MapShape;
    shape.key = this.at(packed.k);
    shape.value = this.at(packed.v);
    return shape as MapShape;
  }

  #scalar(place: number, packed: PackedScalar): ScalarShape {
    const shape: ScalarShape = {
      type: packed.t as ScalarShape["type"],
      name: packed.t,
      enum: packed.e,
      pattern: packed.p,
      min: packed.a,
      max: packed.z,
      timestampFormat: packed.f as TimestampFormat | undefined,
      isStreaming: packed.isStreaming ?? false,
      isSensitive: packed.isSensitive ?? false,
    };
    this.#expanded[place] = shape;
    return shape;
  }
}
