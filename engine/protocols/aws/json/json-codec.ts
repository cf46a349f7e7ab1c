import { whenThere } from "../../../platform/eventually.ts";
import type { AwsRoute, Codec } from "../codec.ts";
import { errorShapeOf, messageNameOf, queryErrorHeader } from "../failure-forms.ts";
import { refusingMalformed } from "../malformed.ts";
import type { AwsModel, AwsWireFailure } from "../model.ts";
import { readBody, textOf } from "../request-body.ts";
import { jsonReaders, readJson } from "./json-reader.ts";
import { jsonWriters, writeJson } from "./json-writer.ts";

const readerOf = jsonReaders((member) => member.name);
const writerOf = jsonWriters((member) => member.name);

/** Failures that come from AWS's common layer are named after it, those of a service after the service. */
const COMMON_CODES: Readonly<Record<string, string>> = {
  ValidationException: "com.amazon.coral.validate#",
  SerializationException: "com.amazon.coral.service#",
  UnknownOperationException: "com.amazon.coral.service#",
};

function typeOf(model: AwsModel | undefined, version: string, code: string): string {
  const common = COMMON_CODES[code];
  if (common !== undefined) return common + code;
  // JSON 1.0 services answer full shape names, most JSON 1.1 services bare ones; SDKs read what follows the `#`.
  if (model === undefined || version !== "1.0") return code;
  const dated = model.targetPrefix?.match(/_(\d{8})$/);
  return `com.amazonaws.${model.id}${dated === null || dated === undefined ? "" : `.v${dated[1]}`}#${code}`;
}

const versionOf = (route: Pick<AwsRoute, "jsonVersion"> & { readonly model?: AwsModel }) =>
  route.jsonVersion ?? route.model?.jsonVersion ?? "1.0";

/** The members of a failure as the error's shape writes them, with its message under the shape's spelling. */
export function failureMembers(
  model: AwsModel | undefined,
  failure: AwsWireFailure,
  writers: typeof writerOf,
): Record<string, unknown> {
  const shape = errorShapeOf(model, failure);
  const members =
    shape === undefined || failure.members === undefined
      ? failure.members
      : (writers(shape)?.(failure.members) ?? failure.members);
  return { [messageNameOf(shape)]: failure.message, ...(members as Record<string, unknown> | undefined) };
}

/** awsJson 1.0 and 1.1: everything in one JSON object, the operation in `X-Amz-Target`. */
export const jsonCodec: Codec = {
  parse: (route, request) =>
    refusingMalformed("SerializationException", () =>
      whenThere(readBody(request), (body) => {
        const { input } = route.operation;
        if (body.length === 0 || input === undefined) return {};
        return readJson(textOf(body), readerOf(input)) as Record<string, unknown>;
      }),
    ),
  serialize(route, output, requestId) {
    const shape = route.operation.output;
    return {
      status: 200,
      headers: { "content-type": `application/x-amz-json-${versionOf(route)}`, "x-amzn-requestid": requestId },
      body: shape === undefined ? "{}" : writeJson(output, writerOf(shape)),
    };
  },
  serializeFailure(route, failure, requestId) {
    const version = versionOf(route);
    return {
      status: failure.status,
      headers: {
        "content-type": `application/x-amz-json-${version}`,
        "x-amzn-requestid": requestId,
        "x-amzn-errortype": failure.code,
        ...queryErrorHeader(route.model, failure),
        ...failure.headers,
      },
      body: writeJson(
        { __type: typeOf(route.model, version, failure.code), ...failureMembers(route.model, failure, writerOf) },
        undefined,
      ),
    };
  },
};
