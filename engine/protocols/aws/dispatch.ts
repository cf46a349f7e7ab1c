import type { WireRequest } from "../wire.ts";
import { hostFacts } from "./addressing.ts";
import { AwsFailure, type AwsRoute, type FailureForm } from "./codec.ts";
import { credentialOf } from "./credential.ts";
import { readForm } from "./form/form-codecs.ts";
import { loadAwsModel } from "./load-model.ts";
import { MalformedInput } from "./malformed.ts";
import { modelIndex, speaks, type IndexRow, type ModelIndex } from "./model-index.ts";
import type { AwsModel, AwsProtocol } from "./model.ts";
import { buildRestRoutes } from "./rest-routes.ts";
import { remembered } from "./shapes.ts";

/** Finds service, operation and protocol of a request. Throws `AwsFailure` in the form of the protocol that it recognised. */
export type Dispatch = (request: WireRequest) => Promise<AwsRoute>;

export interface DispatchParts {
  readonly index: ModelIndex;
  readonly loadModel: (id: string) => AwsModel | undefined;
}

const NO_LABELS: AwsRoute["labels"] = {};
const CBOR_PATH = /\/service\/([^/]+)\/operation\/([^/]+)$/;
const HAS_ACTION = /(?:^|&)Action=/;
const routesOf = remembered(buildRestRoutes);

function refusal(code: string, status: number, message: string, form: FailureForm, cause?: unknown): AwsFailure {
  return new AwsFailure({ code, status, message }, cause, form);
}

/**
 * Dispatch by AWS's own marks, in this order: `smithy-protocol`, `X-Amz-Target`, a form with `Action`, a REST route of
 * the service that the signature or the host names; S3 when nothing names one.
 */
export function createDispatch(
  { index, loadModel }: DispatchParts = { index: modelIndex(), loadModel: loadAwsModel },
): Dispatch {
  const isServiceLabel = (label: string) => index.byEndpointPrefix(label).length > 0;
  const modelOf = (row: IndexRow) => loadModel(row.id) as AwsModel;
  const withOperation = (rows: readonly IndexRow[], name: string) =>
    rows.find((row) => modelOf(row).operations.has(name));

  function byTarget(request: WireRequest, target: string): AwsRoute {
    const dot = target.lastIndexOf(".");
    const rows = index.byTargetPrefix(target.slice(0, dot));
    const jsonVersion = request.headers["content-type"]?.includes("json-1.1") === true ? "1.1" : "1.0";
    const name = target.slice(dot + 1);
    const row = rows.length === 1 ? rows[0] : withOperation(rows, name);
    const model = row === undefined ? undefined : modelOf(row);
    const operation = model?.operations.get(name);
    if (model === undefined || operation === undefined) {
      throw refusal("UnknownOperationException", 400, `No AWS service has the operation ${target}.`, {
        protocol: "json",
        jsonVersion,
        model,
      });
    }
    return { model, operation, protocol: "json", jsonVersion, labels: NO_LABELS };
  }

  function byCborPath(request: WireRequest): AwsRoute {
    const [, service = "", name = ""] = CBOR_PATH.exec(request.path) ?? [];
    const signed = credentialOf(request)?.service;
    const named = index.byTargetPrefix(service);
    const rows = named.length > 0 || signed === undefined ? named : index.bySigningName(signed);
    const row = withOperation(
      rows.filter((candidate) => speaks(candidate, "rpc-v2-cbor")),
      name,
    );
    const model = row === undefined ? undefined : modelOf(row);
    const operation = model?.operations.get(name);
    if (model === undefined || operation === undefined) {
      const message = `No AWS service answers ${request.path} over CBOR.`;
      throw refusal("UnknownOperationException", 404, message, { protocol: "rpc-v2-cbor", model });
    }
    return { model, operation, protocol: "rpc-v2-cbor", labels: NO_LABELS };
  }

  /** Services a form may be for: the one that it was signed for, then those of its version. */
  function formOwners(request: WireRequest, version: string): readonly IndexRow[] {
    const signed = credentialOf(request)?.service;
    const scoped = (signed === undefined ? [] : index.bySigningName(signed)).filter((row) =>
      speaks(row, "query", "ec2"),
    );
    const exact = scoped.filter((row) => row.apiVersion === version);
    if (scoped.length > 0) return exact.length > 0 ? exact : scoped;
    const { servicePrefix } = hostFacts(request.host, isServiceLabel);
    const hosted =
      servicePrefix === undefined
        ? []
        : index.byEndpointPrefix(servicePrefix).filter((row) => speaks(row, "query", "ec2"));
    return hosted.length > 0 ? hosted : index.byQueryVersion(version);
  }

  async function byForm(request: WireRequest): Promise<AwsRoute> {
    const form = await formOf(request);
    const action = form.get("Action");
    if (action === null) throw refusal("MissingAction", 400, "The request must name an Action.", { protocol: "query" });
    const owners = formOwners(request, form.get("Version") ?? "");
    // Services of one signing name and version (rds, docdb, neptune): the one whose name it is comes first.
    const row = withOperation(
      [...owners].sort((a, b) => Number(b.id === b.signingName) - Number(a.id === a.signingName)),
      action,
    );
    const protocol: AwsProtocol = (row ?? owners[0])?.protocols.includes("ec2") === true ? "ec2" : "query";
    const model = row === undefined ? undefined : modelOf(row);
    const operation = model?.operations.get(action);
    if (model === undefined || operation === undefined) {
      const known = owners[0] === undefined ? undefined : modelOf(owners[0]);
      throw refusal("InvalidAction", 400, `The action ${action} is not valid for this web service.`, {
        protocol,
        model: known,
      });
    }
    return { model, operation, protocol, labels: NO_LABELS, form };
  }

  function byRest(request: WireRequest, rows: readonly IndexRow[], bucket: string | undefined): AwsRoute {
    const path = bucket === undefined ? request.path : `/${encodeURIComponent(bucket)}${request.path}`;
    for (const row of rows) {
      const model = modelOf(row);
      const match = routesOf(model).match(
        request.method,
        row.id === "s3" ? path : request.path,
        request.query,
        request.headers,
      );
      if (match !== undefined) return { model, ...match, protocol: restProtocolOf(row) };
    }
    throw noRoute(request, rows[0] as IndexRow, modelOf(rows[0] as IndexRow));
  }

  function restOwners(
    request: WireRequest,
    signed: string | undefined,
    servicePrefix: string | undefined,
  ): readonly IndexRow[] {
    const scoped = signed === undefined ? [] : index.bySigningName(signed);
    const hosted = servicePrefix === undefined ? [] : index.byEndpointPrefix(servicePrefix);
    if (signed !== undefined && scoped.length === 0 && hosted.length === 0) {
      throw refusal("UnknownOperationException", 404, `No AWS service signs as ${signed}.`, { protocol: "rest-json" });
    }
    const s3 = index.byId("s3");
    const rows = scoped.length > 0 ? scoped : hosted.length > 0 ? hosted : s3 === undefined ? [] : [s3];
    const rest = rows.filter((row) => speaks(row, "rest-json", "rest-xml"));
    if (rest.length === 0) throw noMark(request, rows[0] as IndexRow);
    return rest.length === 1 ? rest : [...rest].sort((a, b) => rank(b) - rank(a));

    function rank(row: IndexRow): number {
      if (row.id === "s3control") return isS3Control(request) ? 4 : -1;
      return Number(hosted.length < 3 && hosted.includes(row)) + Number(row.id === row.signingName);
    }
  }

  function isForm(request: WireRequest, signed: string | undefined): boolean {
    if (HAS_ACTION.test(request.query)) return true;
    const isFormType =
      request.method === "POST" &&
      request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true;
    if (!isFormType || signed === undefined) return isFormType;
    const rows = index.bySigningName(signed);
    return rows.length === 0 || rows.some((row) => speaks(row, "query", "ec2"));
  }

  return async (request) => {
    const { headers } = request;
    if (headers["smithy-protocol"] === "rpc-v2-cbor") return byCborPath(request);
    const target = headers["x-amz-target"];
    if (typeof target === "string") return byTarget(request, target);
    const signed = credentialOf(request)?.service;
    if (isForm(request, signed)) return byForm(request);
    const { servicePrefix, bucket } = hostFacts(request.host, isServiceLabel);
    return byRest(request, restOwners(request, signed, servicePrefix), bucket);
  };
}

async function formOf(request: WireRequest): Promise<URLSearchParams> {
  try {
    return await readForm(request);
  } catch (cause) {
    if (!(cause instanceof MalformedInput)) throw cause;
    throw refusal("MalformedQueryString", 400, cause.message, { protocol: "query" }, cause);
  }
}

const restProtocolOf = (row: IndexRow): AwsProtocol => (speaks(row, "rest-xml") ? "rest-xml" : "rest-json");
const isS3Control = (request: WireRequest) =>
  request.headers["x-amz-account-id"] !== undefined && request.path.startsWith("/v20180820/");

function noRoute(request: WireRequest, row: IndexRow, model: AwsModel): AwsFailure {
  const form: FailureForm = { protocol: restProtocolOf(row), model };
  if (row.id === "s3")
    return refusal("MethodNotAllowed", 405, "The specified method is not allowed against this resource.", form);
  return refusal(
    "UnknownOperationException",
    404,
    `${row.serviceId} has no operation ${request.method} ${request.path}.`,
    form,
  );
}

function noMark(request: WireRequest, row: IndexRow): AwsFailure {
  if (speaks(row, "query", "ec2") && !speaks(row, "json")) {
    return refusal("MissingAction", 400, "The request must name an Action.", { protocol: "query" });
  }
  const message = `${row.serviceId} needs an X-Amz-Target header; ${request.method} ${request.path} has none.`;
  return refusal("UnknownOperationException", 400, message, { protocol: "json" });
}
