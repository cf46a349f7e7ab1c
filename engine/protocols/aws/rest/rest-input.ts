import type { Readable } from "node:stream";
import { whenThere, type Eventually } from "../../../platform/eventually.ts";
import type { WireRequest } from "../../wire.ts";
import { headersWithoutChunking, objectBody, readCheckedBody } from "../body/s3-body.ts";
import type { AwsRoute } from "../codec.ts";
import { malformed, readParameter } from "../malformed.ts";
import type { AwsOperation, ListShape, MapShape, Member, StructureShape } from "../model.ts";
import { readBody, textOf } from "../request-body.ts";
import { remembered, setEntry } from "../shapes.ts";
import { textReader } from "../text-values.ts";
import { headerText, splitHeaderList } from "./header-values.ts";

type Input = Record<string, unknown>;
type Query = ReadonlyMap<string, readonly string[]>;

/** What the head of a request gives an operation's input: compiled once per operation. */
export interface RestInput {
  readonly shape: StructureShape;
  readonly payload: Member | undefined;
  /** True when members without a place of their own make up the body. */
  readonly hasBodyMembers: boolean;
  readHead(route: AwsRoute, request: WireRequest): Input;
}

const EMPTY: Query = new Map();

function queryOf(query: string): Query {
  if (query === "") return EMPTY;
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) {
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else known.push(value);
  }
  return values;
}

type TakeHeader = (headers: WireRequest["headers"], into: Input) => void;
type TakeQuery = (query: Query, into: Input) => void;

/** HTTP has these ignored when they hold no date. Source: RFC 9110, 13.1.3 and 13.1.4 */
const CONDITIONS_OF_TIME: ReadonlySet<string> = new Set(["if-modified-since", "if-unmodified-since"]);

function headerTaker(member: Member): TakeHeader {
  const wire = member.wireName.toLowerCase();
  const { name, shape } = member;
  if (shape.type === "list") {
    const read = textReader(shape.member, undefined, "rfc822");
    const hasDates = shape.member.type === "timestamp";
    return (headers, into) => {
      const text = headers[wire];
      if (text !== undefined) into[name] = splitHeaderList(headerText(text), hasDates).map(read);
    };
  }
  const read = member.isJsonValue ? readJsonValue : textReader(shape, member, "rfc822");
  const isLenient = CONDITIONS_OF_TIME.has(wire);
  return (headers, into) => {
    const text = headers[wire];
    if (text === undefined || (isLenient && Number.isNaN(Date.parse(text)))) return;
    into[name] = readParameter(wire, headerText(text), read);
  };
}

/** A JSON value in a header is Base64, and JSON underneath; bindings get the JSON text. */
function readJsonValue(text: string): string {
  const json = Buffer.from(text, "base64").toString("utf8");
  try {
    JSON.parse(json);
  } catch (cause) {
    malformed("A header does not hold valid JSON.", cause);
  }
  return json;
}

function prefixTaker(member: Member): TakeHeader {
  const prefix = member.wireName.toLowerCase();
  return (headers, into) => {
    const found: Input = {};
    let isEmpty = true;
    for (const header in headers) {
      const text = headers[header];
      if (!header.startsWith(prefix) || text === undefined) continue;
      setEntry(found, header.slice(prefix.length), headerText(text));
      isEmpty = false;
    }
    if (!isEmpty) into[member.name] = found;
  };
}

function queryTaker(member: Member, modelled: ReadonlySet<string>): TakeQuery {
  const { name, shape, wireName } = member;
  if (shape.type === "map") return queryMapTaker(name, shape, modelled);
  if (shape.type === "list") {
    const read = textReader((shape as ListShape).member, undefined, "iso8601");
    return (query, into) => {
      const values = query.get(wireName);
      if (values !== undefined) into[name] = values.map(read);
    };
  }
  const read = textReader(shape, member, "iso8601");
  return (query, into) => {
    const value = query.get(wireName)?.[0];
    if (value !== undefined) into[name] = readParameter(wireName, value, read);
  };
}

/** A map in the query takes every parameter that no other member names. */
function queryMapTaker(name: string, shape: MapShape, modelled: ReadonlySet<string>): TakeQuery {
  const { value } = shape;
  const read = textReader(value.type === "list" ? value.member : value, undefined, "iso8601");
  return (query, into) => {
    const found: Input = {};
    for (const [key, values] of query) {
      if (!modelled.has(key))
        setEntry(found, key, value.type === "list" ? values.map(read) : read(values[0] as string));
    }
    if (Object.keys(found).length > 0) into[name] = found;
  };
}

const NO_INPUT: StructureShape = { type: "structure", name: "Unit", members: new Map(), required: [], isUnion: false };

/** The compiled head of an operation's input. */
const restInputOf = remembered((operation: AwsOperation): RestInput => {
  const shape = operation.input ?? NO_INPUT;
  const members = Array.from(shape.members.values());
  const at = (location: Member["location"]) => members.filter((member) => member.location === location);
  const inQuery = new Set(
    at("querystring")
      .filter((member) => member.shape.type !== "map")
      .map((member) => member.wireName),
  );
  const takeHeaders = [...at("header").map(headerTaker), ...at("headers").map(prefixTaker)];
  const takeQueries = at("querystring").map((member) => queryTaker(member, inQuery));
  const labels = at("uri").map((member) => ({ member, read: textReader(member.shape, member, "iso8601") }));
  const payload = shape.payload === undefined ? undefined : shape.members.get(shape.payload);
  return {
    shape,
    payload,
    hasBodyMembers: payload === undefined && at("body").length > 0,
    readHead(route, request) {
      const into: Input = {};
      for (const { member, read } of labels) {
        const label = route.labels[member.wireName];
        if (label !== undefined) into[member.name] = read(label);
      }
      const headers = headersWithoutChunking(request);
      for (const take of takeHeaders) take(headers, into);
      if (takeQueries.length > 0) {
        const query = queryOf(request.query);
        for (const take of takeQueries) take(query, into);
      }
      return into;
    },
  };
});

/** Reads the whole input; `readStructured` reads the body (never empty) of a structure, document or union. */
export function readRestInput(
  route: AwsRoute,
  request: WireRequest,
  readStructured: (text: string, member: Member | undefined, shape: StructureShape) => Input,
): Eventually<Input> {
  const input = restInputOf(route.operation);
  const head = input.readHead(route, request);
  const { payload } = input;
  if (payload !== undefined)
    return whenThere(readPayload(payload, route, request, readStructured), (value) => {
      if (value !== undefined) head[payload.name] = value;
      return head;
    });
  if (!input.hasBodyMembers) return head;
  return whenThere(wholeBody(route, request), (body) =>
    body.length > 0 ? Object.assign(head, readStructured(textOf(body), undefined, input.shape)) : head,
  );
}

/** S3's bodies come framed and with digests to compare. */
const wholeBody = (route: AwsRoute, request: WireRequest) =>
  route.model.id === "s3" ? readCheckedBody(request, route) : readBody(request);

type Payload = Readable | Uint8Array | string | Input | undefined;

function readPayload(
  payload: Member,
  route: AwsRoute,
  request: WireRequest,
  readStructured: (text: string, member: Member | undefined, shape: StructureShape) => Input,
): Eventually<Payload> {
  const { shape } = payload;
  if (isStreamed(payload)) return route.model.id === "s3" ? objectBody(request, route.chunkSeed) : request.body;
  return whenThere(wholeBody(route, request), (body): Payload => {
    if (shape.type === "blob")
      return body.length === 0 && request.headers["content-length"] === undefined ? undefined : body;
    if (body.length === 0) return undefined;
    const text = textOf(body);
    return shape.type === "structure" ? readStructured(text, payload, shape) : text;
  });
}

/** Streams are handed through: event streams and blobs that the model marks as streaming. */
function isStreamed(member: Member): boolean {
  const { shape } = member;
  return (
    member.isStreaming ||
    (shape.type === "blob" && shape.isStreaming === true) ||
    (shape.type === "structure" && shape.isEventStream === true)
  );
}
