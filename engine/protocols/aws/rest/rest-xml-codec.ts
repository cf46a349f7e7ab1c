import { refusing } from "../../../platform/eventually.ts";
import type { WireResponse } from "../../wire.ts";
import { AwsFailure, type Codec } from "../codec.ts";
import { errorShapeOf } from "../failure-forms.ts";
import { malformed, MalformedInteger, MalformedParameter, refusingMalformed } from "../malformed.ts";
import type { AwsModel, AwsOperation, AwsWireFailure, Member, StructureShape } from "../model.ts";
import { remembered, xmlNameOf } from "../shapes.ts";
import { readXml } from "../xml/xml-reader.ts";
import { xmlReaderOf } from "../xml/xml-values.ts";
import { escapeXml, xmlWriter } from "../xml/xml-writer.ts";
import { readRestInput } from "./rest-input.ts";
import { rawPayload, restOutputOf, statusOf } from "./rest-output.ts";

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const xml = xmlWriter({});

function readStructured(text: string, member: Member | undefined, shape: StructureShape): Record<string, unknown> {
  const root = readXml(text);
  const names = [shape.xmlName, shape.name, member === undefined ? undefined : xmlNameOf(member), member?.wireName];
  if (!names.includes(root.name)) malformed(`${root.name} is not the document that this operation takes.`);
  return xmlReaderOf(shape)(root) as Record<string, unknown>;
}

const namespaceAttribute = (namespace: string | undefined) =>
  namespace === undefined ? "" : ` xmlns="${escapeXml(namespace)}"`;

type WriteBody = (output: Record<string, unknown>) => string | undefined;

const bodyWriterOf = remembered((model: AwsModel) =>
  remembered((operation: AwsOperation): WriteBody => bodyWriter(model, operation)),
);

function bodyWriter(model: AwsModel, operation: AwsOperation): WriteBody {
  const shape = operation.output as StructureShape;
  const { payload, hasBodyMembers } = restOutputOf(shape);
  const namespace = namespaceAttribute(shape.xmlNamespace ?? model.xmlNamespace);
  if (payload === undefined) {
    if (!hasBodyMembers) return () => undefined;
    if (operation.isUnwrapped === true) return unwrappedWriter(shape, namespace);
    const write = xml.elementOf(shape, shape.xmlName ?? shape.name, namespace);
    return (output) => DECLARATION + write(output);
  }
  const target = payload.shape as StructureShape;
  const name =
    payload.xmlName ?? target.xmlName ?? (payload.wireName === payload.name ? target.name : payload.wireName);
  const write = xml.elementOf(
    target,
    name,
    namespaceAttribute(payload.xmlNamespace ?? target.xmlNamespace) || namespace,
  );
  return (output) => {
    const value = output[payload.name];
    return value === undefined ? undefined : DECLARATION + write(value);
  };
}

/** GetBucketLocation: its one member is the text of the root. */
function unwrappedWriter(shape: StructureShape, namespace: string): WriteBody {
  const member = Array.from(shape.members.values())[0] as Member;
  const tag = xmlNameOf(member);
  return (output) => {
    const value = output[member.name];
    const text = value === undefined ? "" : escapeXml(String(value));
    return `${DECLARATION}<${tag}${namespace}>${text}</${tag}>`;
  };
}

/** S3 answers its own kind of failure and request ids; its second id is opaque, and here the same. */
const isS3 = (model: AwsModel | undefined) => model?.id === "s3";

function requestIdHeaders(model: AwsModel | undefined, requestId: string): WireResponse["headers"] {
  if (!isS3(model)) return { "x-amzn-requestid": requestId };
  return { "x-amz-request-id": requestId, "x-amz-id-2": requestId };
}

/** S3 names the parameter that it cannot read. */
function namingArgument(problem: unknown): never {
  if (!(problem instanceof MalformedParameter)) throw problem;
  const { parameter, value } = problem;
  throw new AwsFailure(
    {
      code: "InvalidArgument",
      status: 400,
      message:
        problem.cause instanceof MalformedInteger
          ? `Provided ${parameter} not an integer or within integer range`
          : `Provided ${parameter} is not valid: ${problem.message}`,
      members: { ArgumentName: parameter, ArgumentValue: value },
    },
    problem,
  );
}

/** REST with XML bodies: S3, Route 53, CloudFront. */
export const restXmlCodec: Codec = {
  parse: (route, request) =>
    isS3(route.model)
      ? refusingMalformed("MalformedXML", () =>
          refusing(() => readRestInput(route, request, readStructured), namingArgument),
        )
      : refusingMalformed("MalformedInput", () => readRestInput(route, request, readStructured)),
  serialize(route, output, requestId) {
    const { model, operation } = route;
    const headers = requestIdHeaders(model, requestId);
    const shape = operation.output;
    if (shape === undefined) return { status: operation.status, headers };
    const rest = restOutputOf(shape);
    const status = statusOf(operation, rest, output);
    rest.writeHeaders(output, headers);
    const target = rest.payload?.shape;
    if (target !== undefined && (target.type !== "structure" || target.isEventStream === true)) {
      const fallback = target.type === "string" ? "application/json" : "binary/octet-stream";
      headers["content-type"] ??= fallback;
      return { status, headers, body: rawPayload(output[(rest.payload as Member).name]) };
    }
    const body = status === 204 || status === 304 ? undefined : bodyWriterOf(model)(operation)(output);
    if (body !== undefined) headers["content-type"] ??= "application/xml";
    return { status, headers, body };
  },
  serializeFailure(route, failure, requestId) {
    const headers = { ...requestIdHeaders(route.model, requestId), ...failure.headers };
    if (route.operation?.method === "HEAD" || failure.status === 304) return { status: failure.status, headers };
    const body = isS3(route.model) ? s3Error(failure, requestId) : errorResponse(route.model, failure, requestId);
    return {
      status: failure.status,
      headers: { "content-type": isS3(route.model) ? "application/xml" : "text/xml", ...headers },
      body,
    };
  },
};

function s3Error(failure: AwsWireFailure, requestId: string): string {
  let members = "";
  for (const [name, value] of Object.entries(failure.members ?? {})) {
    if (value !== undefined) members += `<${name}>${escapeXml(String(value))}</${name}>`;
  }
  return (
    `${DECLARATION}<Error><Code>${escapeXml(failure.code)}</Code>` +
    `<Message>${escapeXml(failure.message)}</Message>${members}` +
    `<RequestId>${escapeXml(requestId)}</RequestId><HostId>${escapeXml(requestId)}</HostId></Error>`
  );
}

function errorResponse(model: AwsModel | undefined, failure: AwsWireFailure, requestId: string): string {
  const shape = errorShapeOf(model, failure);
  const members = shape === undefined || failure.members === undefined ? "" : xml.contentOf(shape)(failure.members);
  const type = failure.fault === "server" ? "Receiver" : "Sender";
  return (
    `${DECLARATION}<ErrorResponse${namespaceAttribute(model?.xmlNamespace)}><Error><Type>${type}</Type>` +
    `<Code>${escapeXml(failure.code)}</Code><Message>${escapeXml(failure.message)}</Message>${members}</Error>` +
    `<RequestId>${escapeXml(requestId)}</RequestId></ErrorResponse>`
  );
}
