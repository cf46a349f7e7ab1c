import type { WireResponse } from "../../wire.ts";
import type { Codec } from "../codec.ts";
import { queryErrorHeader, errorShapeOf } from "../failure-forms.ts";
import { failureMembers } from "../json/json-codec.ts";
import { jsonReaders, readJson } from "../json/json-reader.ts";
import { jsonWriters, writeJson } from "../json/json-writer.ts";
import { refusingMalformed } from "../malformed.ts";
import type { Member, StructureShape } from "../model.ts";
import { remembered } from "../shapes.ts";
import { readRestInput } from "./rest-input.ts";
import { rawPayload, restOutputOf, statusOf } from "./rest-output.ts";

const wireName = (member: Member) => member.wireName;
const readerOf = jsonReaders(wireName);
const writerOf = jsonWriters(wireName);

/** A structure without the members that travel elsewhere: they may share names with what is in the body. */
const bodyOf = remembered((shape: StructureShape): StructureShape => {
  const members = Array.from(shape.members).filter(([, member]) => member.location === "body");
  return members.length === shape.members.size ? shape : { ...shape, members: new Map(members) };
});

function withoutHead(shape: StructureShape, output: Record<string, unknown>): Record<string, unknown> {
  const body = bodyOf(shape);
  if (body === shape) return output;
  return Object.fromEntries(Object.entries(output).filter(([name]) => body.members.has(name)));
}

function contentOf(shape: StructureShape, output: Record<string, unknown>): string {
  return writeJson(withoutHead(shape, output), writerOf(bodyOf(shape)));
}

/** REST with JSON bodies. */
export const restJsonCodec: Codec = {
  parse: (route, request) =>
    refusingMalformed("SerializationException", () =>
      readRestInput(
        route,
        request,
        (text, _member, shape) => readJson(text, readerOf(bodyOf(shape))) as Record<string, unknown>,
      ),
    ),
  serialize(route, output, requestId) {
    const { operation } = route;
    const headers: WireResponse["headers"] = { "x-amzn-requestid": requestId };
    const shape = operation.output;
    if (shape === undefined) return { status: operation.status, headers };
    const rest = restOutputOf(shape);
    const status = statusOf(operation, rest, output);
    rest.writeHeaders(output, headers);
    const { payload } = rest;
    if (payload === undefined) {
      // Clients expect a JSON object, except where HTTP allows no body.
      if (status === 204 || status === 304) return { status, headers };
      return { status, headers: { "content-type": "application/json", ...headers }, body: contentOf(shape, output) };
    }
    const value = output[payload.name];
    const target = payload.shape;
    if (target.type === "structure" && target.isEventStream !== true) {
      const body = value === undefined ? undefined : writeJson(value, writerOf(target));
      return { status, headers: { "content-type": "application/json", ...headers }, body };
    }
    const type = target.type === "string" ? "text/plain" : "application/octet-stream";
    return { status, headers: { "content-type": type, ...headers }, body: rawPayload(value) };
  },
  serializeFailure(route, failure, requestId) {
    const headers: WireResponse["headers"] = {
      "content-type": "application/json",
      "x-amzn-requestid": requestId,
      "x-amzn-errortype": failure.code,
      ...queryErrorHeader(route.model, failure),
    };
    const shape = errorShapeOf(route.model, failure);
    if (shape !== undefined && failure.members !== undefined)
      restOutputOf(shape).writeHeaders(failure.members, headers);
    const members =
      failure.members === undefined || shape === undefined ? failure.members : withoutHead(shape, failure.members);
    const body = writeJson(failureMembers(route.model, { ...failure, members }, writerOf), undefined);
    return { status: failure.status, headers: { ...headers, ...failure.headers }, body };
  },
};
