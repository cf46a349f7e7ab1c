import type { WireRequest } from "../../wire.ts";
import { hostFacts } from "../addressing.ts";
import { AwsFailure, type AwsRoute, type FailureForm } from "../codec.ts";
import type { Credential } from "../credential.ts";
import { speaks, type IndexRow } from "../model-index.ts";
import type { AwsModel, AwsProtocol, AwsWireFailure } from "../model.ts";
import { buildRestRoutes } from "../rest-routes.ts";
import { s3PlaceOf } from "../s3-place.ts";
import { remembered } from "../shapes.ts";
import { refusal, type Lookup } from "./lookup.ts";
import { byPrecedence } from "./precedence.ts";

const routesOf = remembered(buildRestRoutes);
const NOBODY: readonly IndexRow[] = [];

const isRest = (row: IndexRow) => speaks(row, "rest-json", "rest-xml");
const restProtocolOf = (row: IndexRow): AwsProtocol => (speaks(row, "rest-xml") ? "rest-xml" : "rest-json");

/** Names that clients sign requests to S3 with beside its own: of directory buckets. */
const SIGNED_AS_S3: ReadonlySet<string> = new Set(["s3express"]);

/**
 * S3 Control signs as S3, or as Outposts for what is there, and lives beside them; its paths would also be those of a
 * bucket with this name.
 */
const isS3Control = ({ headers, path }: WireRequest) =>
  path.startsWith("/v20180820/") && (headers["x-amz-account-id"] ?? headers["x-amz-outpost-id"]) !== undefined;

/** REST: method, path, query and headers, among the services that signature or host name; S3 when nothing names one. */
export function routeByPath(
  lookup: Lookup,
  request: WireRequest,
  credential: Credential | undefined,
): AwsRoute {
  const { servicePrefix, bucket } = hostFacts(request.host, (label) => lookup.index.byEndpointPrefix(label).length > 0);
  const rows = restOwners(lookup, request, credential?.service, servicePrefix);
  const bucketPath = bucket === undefined ? request.path : `/${encodeURIComponent(bucket)}${request.path}`;
  for (const row of rows) {
    const model = lookup.modelOf(row);
    const path = row.id === "s3" ? bucketPath : request.path;
    const match = routesOf(model).match(request.method, path, request.query, request.headers);
    if (match !== undefined) return { model, protocol: restProtocolOf(row), credential, ...match };
  }
  const row = rows[0] as IndexRow;
  throw noRoute(request, row, lookup.modelOf(row));
}

function restOwners(
  { index }: Lookup,
  request: WireRequest,
  signed: string | undefined,
  servicePrefix: string | undefined,
): readonly IndexRow[] {
  const scoped = signed === undefined ? NOBODY : index.bySigningName(SIGNED_AS_S3.has(signed) ? "s3" : signed);
  const hosted = servicePrefix === undefined ? NOBODY : index.byEndpointPrefix(servicePrefix);
  if (signed !== undefined && scoped.length === 0 && hosted.length === 0) {
    const message = `No AWS service signs as ${signed}.`;
    throw refusal("UnknownOperationException", 404, message, { protocol: "rest-json" });
  }
  const rows = scoped.length > 0 ? scoped : hosted;
  if (rows.length === 0 || rows.some((row) => row.id === "s3")) {
    return [index.byId(isS3Control(request) ? "s3control" : "s3") as IndexRow];
  }
  if (rows.some((row) => row.id === "s3outposts") && isS3Control(request)) return [index.byId("s3control") as IndexRow];
  const rest = rows.filter(isRest);
  if (rest.length === 0) throw noMark(request, rows[0] as IndexRow);
  if (rest.length === 1) return rest;
  // Several services share a host's first label only where their names do: then it tells nothing.
  const isNamedByHost = (row: IndexRow) => Number(hosted.length < 3 && hosted.includes(row));
  return rest.toSorted((a, b) => isNamedByHost(b) - isNamedByHost(a) || byPrecedence(a, b));
}

function noRoute(request: WireRequest, row: IndexRow, model: AwsModel): AwsFailure {
  const form: FailureForm = { protocol: restProtocolOf(row), model };
  if (row.id === "s3") return new AwsFailure(noS3Route(request), undefined, form);
  const message = `${row.serviceId} has no operation ${request.method} ${request.path}.`;
  return refusal("UnknownOperationException", 404, message, form);
}

function noS3Route(request: WireRequest): Omit<AwsWireFailure, "fault"> {
  const { method } = request;
  const place = s3PlaceOf(request);
  if (method === "POST" && place?.key === "") {
    const Condition = "Bucket POST must be of the enclosure-type multipart/form-data";
    const message = "At least one of the pre-conditions you specified did not hold";
    return { code: "PreconditionFailed", status: 412, message, members: { Condition } };
  }
  const ResourceType = place === undefined ? "SERVICE" : place.key === "" ? "BUCKET" : "OBJECT";
  const message = "The specified method is not allowed against this resource.";
  return { code: "MethodNotAllowed", status: 405, message, members: { Method: method, ResourceType } };
}

function noMark(request: WireRequest, row: IndexRow): AwsFailure {
  if (speaks(row, "query", "ec2") && !speaks(row, "json")) {
    return refusal("MissingAction", 400, "The request must name an Action.", { protocol: "query" });
  }
  const message = `${row.serviceId} needs an X-Amz-Target header; ${request.method} ${request.path} has none.`;
  return refusal("UnknownOperationException", 400, message, { protocol: "json" });
}
