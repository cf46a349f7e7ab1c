import { whenThere, type Eventually } from "../../../platform/eventually.ts";
import type { AwsRoute, Codec } from "../codec.ts";
import { queryCodeOf, errorShapeOf } from "../failure-forms.ts";
import { refusingMalformed } from "../malformed.ts";
import type { AwsModel, AwsOperation, AwsWireFailure, Member } from "../model.ts";
import { readBody, textOf } from "../request-body.ts";
import { remembered, xmlNameOf } from "../shapes.ts";
import { escapeXml, xmlWriter } from "../xml/xml-writer.ts";
import type { WireRequest, WireResponse } from "../../wire.ts";
import { formReaders, formTree } from "./form-values.ts";

const capitalised = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
const queryReaderOf = formReaders({ nameOf: xmlNameOf, numbersListsDirectly: false });
const ec2ReaderOf = formReaders({
  nameOf: (member: Member) => member.queryName ?? capitalised(xmlNameOf(member)),
  numbersListsDirectly: true,
});
const queryXml = xmlWriter({ hasShortTimes: true });
const ec2Xml = xmlWriter({ listMemberName: "item" });

/** The form of a request: its query string and, when it is one, its body. */
export function readForm(request: WireRequest): Eventually<URLSearchParams> {
  const form = new URLSearchParams(request.query);
  if (request.method === "GET" || request.method === "HEAD") return form;
  return whenThere(readBody(request), (bytes) => {
    const body = new URLSearchParams(textOf(bytes));
    if (request.query === "") return body;
    for (const [name, value] of body) form.append(name, value);
    return form;
  });
}

function parse(
  route: AwsRoute,
  request: WireRequest,
  code: string,
  readerOf: typeof queryReaderOf,
): Eventually<Record<string, unknown>> {
  return refusingMalformed(code, () =>
    whenThere(route.form ?? readForm(request), (form) => {
      const { input } = route.operation;
      return input === undefined ? {} : (readerOf(input)(formTree(form)) as Record<string, unknown>);
    }),
  );
}

function xmlResponse(
  status: number,
  body: string,
  requestId: string,
  headers?: Readonly<Record<string, string>>,
): WireResponse {
  return { status, headers: { "content-type": "text/xml", "x-amzn-requestid": requestId, ...headers }, body };
}

function namespaceOf(model: AwsModel | undefined): string {
  return model?.xmlNamespace === undefined ? "" : ` xmlns="${escapeXml(model.xmlNamespace)}"`;
}

type Envelope = (output: Record<string, unknown>, requestId: string, namespace: string) => string;

const queryEnvelopeOf = remembered((operation: AwsOperation): Envelope => {
  const { name, output: shape, resultWrapper } = operation;
  const content = shape === undefined ? () => "" : queryXml.contentOf(shape);
  const [open, close] = resultWrapper === undefined ? ["", ""] : [`<${resultWrapper}>`, `</${resultWrapper}>`];
  return (output, requestId, namespace) =>
    `<${name}Response${namespace}>${open}${content(output)}${close}` +
    `<ResponseMetadata><RequestId>${escapeXml(requestId)}</RequestId></ResponseMetadata></${name}Response>`;
});

/** AWS query: forms in, XML out. */
export const queryCodec: Codec = {
  parse: (route, request) => parse(route, request, "MalformedInput", queryReaderOf),
  serialize: (route, output, requestId) =>
    xmlResponse(200, queryEnvelopeOf(route.operation)(output, requestId, namespaceOf(route.model)), requestId),
  serializeFailure(route, failure, requestId) {
    if (route.model?.id === OLDER_FAILURES) return listedFailure(route.model, failure, requestId);
    const type = failure.fault === "server" ? "Receiver" : "Sender";
    const error =
      `<Type>${type}</Type><Code>${escapeXml(queryCodeOf(route.model, failure))}</Code>` +
      `<Message>${escapeXml(failure.message)}</Message>${furtherMembers(route.model, failure)}`;
    const body =
      `<ErrorResponse${namespaceOf(route.model)}><Error>${error}</Error>` +
      `<RequestId>${escapeXml(requestId)}</RequestId></ErrorResponse>`;
    return xmlResponse(failure.status, body, requestId, failure.headers);
  },
};

function furtherMembers(model: AwsModel | undefined, failure: AwsWireFailure): string {
  const shape = errorShapeOf(model, failure);
  return shape === undefined || failure.members === undefined ? "" : queryXml.contentOf(shape)(failure.members);
}

/** EC2's own query: other names in, `<requestId>` first, no result wrapper. */
export const ec2Codec: Codec = {
  parse: (route, request) => parse(route, request, "InvalidParameterValue", ec2ReaderOf),
  serialize(route, output, requestId) {
    const { name, output: shape } = route.operation;
    const content = shape === undefined ? "<return>true</return>" : ec2Xml.contentOf(shape)(output);
    const body =
      `<?xml version="1.0" encoding="UTF-8"?>\n<${name}Response${namespaceOf(route.model)}>` +
      `<requestId>${escapeXml(requestId)}</requestId>${content}</${name}Response>`;
    return xmlResponse(200, body, requestId);
  },
  serializeFailure: ({ model }, failure, requestId) => listedFailure(model, failure, requestId),
};

/** SimpleDB speaks query, but fails as EC2 does: its SDKs find no code in the other form, and try again for minutes. */
const OLDER_FAILURES = "sdb";

function listedFailure(model: AwsModel | undefined, failure: AwsWireFailure, requestId: string): WireResponse {
  const code = escapeXml(queryCodeOf(model, failure));
  const body =
    '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors>' +
    `<Error><Code>${code}</Code><Message>${escapeXml(failure.message)}</Message></Error></Errors>` +
    `<RequestID>${escapeXml(requestId)}</RequestID></Response>`;
  return xmlResponse(failure.status, body, requestId, failure.headers);
}
