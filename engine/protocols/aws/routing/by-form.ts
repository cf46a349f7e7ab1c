import { refusing, whenThere, type Eventually } from "../../../platform/eventually.ts";
import type { WireRequest } from "../../wire.ts";
import { hostFacts } from "../addressing.ts";
import type { AwsRoute } from "../codec.ts";
import type { Credential } from "../credential.ts";
import { readForm } from "../form/form-codecs.ts";
import { MalformedInput } from "../malformed.ts";
import { speaks, type IndexRow } from "../model-index.ts";
import type { AwsProtocol } from "../model.ts";
import { s3PlaceOf } from "../s3-place.ts";
import { NO_LABELS, refusal, type Lookup } from "./lookup.ts";

const speaksForms = (row: IndexRow) => speaks(row, "query", "ec2");
/** SQS is sent to the address of a queue, too: `POST /111122223333/orders` with `Action=SendMessage`. */
const QUEUE_PATH = /^\/[0-9]{12}\/[^/]+\/?$/;
const HAS_ACTION = /(?:^|&)Action=/;

/** True for the forms of query and ec2. */
export function isForm({ index }: Lookup, request: WireRequest, signed: string | undefined): boolean {
  if (HAS_ACTION.test(request.query)) return true;
  const type = request.headers["content-type"];
  const isFormType = request.method === "POST" && type?.startsWith("application/x-www-form-urlencoded") === true;
  if (!isFormType) return false;
  // Unsigned, all that tells S3 from the query protocol is the place: forms go to a service, not to a bucket or key.
  if (signed === undefined) return QUEUE_PATH.test(request.path) || s3PlaceOf(request) === undefined;
  const rows = index.bySigningName(signed);
  return rows.length === 0 || rows.some(speaksForms);
}

/** Services a form may be for: the one that it was signed for, else its host's, else those of its version. */
function formOwners(
  { index }: Lookup,
  request: WireRequest,
  version: string,
  signed: string | undefined,
): readonly IndexRow[] {
  const scoped = signed === undefined ? [] : index.bySigningName(signed).filter(speaksForms);
  const exact = scoped.filter((row) => row.apiVersion === version);
  if (scoped.length > 0) return exact.length > 0 ? exact : scoped;
  const { servicePrefix } = hostFacts(request.host, (label) => index.byEndpointPrefix(label).length > 0);
  const hosted = servicePrefix === undefined ? [] : index.byEndpointPrefix(servicePrefix).filter(speaksForms);
  if (hosted.length > 0) return hosted;
  if (version === "" && QUEUE_PATH.test(request.path)) return index.byEndpointPrefix("sqs");
  return index.byQueryVersion(version);
}

/** query and ec2: `Action=SendMessage&Version=2012-11-05`. */
export function routeByForm(
  lookup: Lookup,
  request: WireRequest,
  credential: Credential | undefined,
): Eventually<AwsRoute> {
  return whenThere(formOf(request), (form) => routeByAction(lookup, request, credential, form));
}

function routeByAction(
  lookup: Lookup,
  request: WireRequest,
  credential: Credential | undefined,
  form: URLSearchParams,
): AwsRoute {
  const action = form.get("Action");
  if (action === null) throw refusal("MissingAction", 400, "The request must name an Action.", { protocol: "query" });
  const owners = formOwners(lookup, request, form.get("Version") ?? "", credential?.service);
  const found = lookup.ownerOf(owners, action);
  const row = found?.row ?? owners[0];
  const protocol: AwsProtocol = row?.protocols.includes("ec2") === true ? "ec2" : "query";
  if (found === undefined) {
    const message = `The action ${action} is not valid for this web service.`;
    throw refusal("InvalidAction", 400, message, { protocol, model: row && lookup.modelOf(row) });
  }
  if (found.model.id === "sqs" && !form.has("QueueUrl") && QUEUE_PATH.test(request.path))
    form.set("QueueUrl", request.path);
  return { model: found.model, operation: found.operation, protocol, labels: NO_LABELS, form, credential };
}

const formOf = (request: WireRequest): Eventually<URLSearchParams> =>
  refusing(() => readForm(request), (cause) => {
    if (!(cause instanceof MalformedInput)) throw cause;
    throw refusal("MalformedQueryString", 400, cause.message, { protocol: "query" }, cause);
  });
