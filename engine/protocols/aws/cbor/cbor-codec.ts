import { whenThere } from "../../../platform/eventually.ts";
import type { WireResponse } from "../../wire.ts";
import type { Codec } from "../codec.ts";
import { errorShapeOf, messageNameOf, queryErrorHeader } from "../failure-forms.ts";
import { refusingMalformed } from "../malformed.ts";
import { readBody } from "../request-body.ts";
import { readCbor } from "./cbor-reader.ts";
import { cborReaderOf } from "./cbor-values.ts";
import { CborBytes, cborWriterOf, writeAny } from "./cbor-writer.ts";

const headersFor = (requestId: string): WireResponse["headers"] =>
  ({ "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor", "x-amzn-requestid": requestId });

/** Smithy RPC v2 with CBOR bodies: the operation in the path. */
export const cborCodec: Codec = {
  parse: (route, request) =>
    refusingMalformed("SerializationException", () =>
      whenThere(readBody(request), (body) => {
        const { input } = route.operation;
        if (body.length === 0 || input === undefined) return {};
        return cborReaderOf(input)(readCbor(body)) as Record<string, unknown>;
      }),
    ),
  serialize(route, output, requestId) {
    const shape = route.operation.output;
    const into = new CborBytes();
    if (shape === undefined) into.head(5, 0);
    else cborWriterOf(shape)(into, output);
    return { status: 200, headers: headersFor(requestId), body: into.finished() };
  },
  serializeFailure(route, failure, requestId) {
    const shape = errorShapeOf(route.model, failure);
    const into = new CborBytes();
    const members = Object.entries(failure.members ?? {}).filter(([, value]) => value !== undefined);
    into.head(5, 2 + members.length);
    for (const [key, text] of [["__type", failure.code], [messageNameOf(shape), failure.message]] as const) {
      into.text(key);
      into.text(text);
    }
    for (const [key, value] of members) {
      into.text(key);
      const member = shape?.members.get(key);
      (member === undefined ? writeAny : cborWriterOf(member.shape))(into, value);
    }
    const headers = { ...headersFor(requestId), ...queryErrorHeader(route.model, failure), ...failure.headers };
    return { status: failure.status, headers, body: into.finished() };
  },
};
