import type { WireRequest } from "../../wire.ts";
import type { AwsRoute } from "../codec.ts";
import type { Credential } from "../credential.ts";
import { speaks } from "../model-index.ts";
import { NO_LABELS, refusal, type Lookup } from "./lookup.ts";

const CBOR_PATH = /\/service\/([^/]+)\/operation\/([^/]+)$/;

/** JSON: `X-Amz-Target: AmazonSQS.SendMessage`. */
export function routeByTarget(
  { index, modelOf, ownerOf }: Lookup,
  request: WireRequest,
  target: string,
  credential: Credential | undefined,
): AwsRoute {
  const dot = target.lastIndexOf(".");
  const rows = index.byTargetPrefix(target.slice(0, dot));
  const jsonVersion = request.headers["content-type"]?.includes("json-1.1") === true ? "1.1" : "1.0";
  const found = ownerOf(rows, target.slice(dot + 1));
  if (found === undefined) {
    const model = rows.length === 1 && rows[0] !== undefined ? modelOf(rows[0]) : undefined;
    const message = `No AWS service has the operation ${target}.`;
    throw refusal("UnknownOperationException", 400, message, { protocol: "json", jsonVersion, model });
  }
  const { model, operation } = found;
  return { model, operation, protocol: "json", jsonVersion, labels: NO_LABELS, credential };
}

/** CBOR: `/service/AmazonSQS/operation/SendMessage`. */
export function routeByCborPath(
  { index, ownerOf }: Lookup,
  request: WireRequest,
  credential: Credential | undefined,
): AwsRoute {
  const [, service = "", name = ""] = CBOR_PATH.exec(request.path) ?? [];
  const signed = credential?.service;
  const named = index.byTargetPrefix(service);
  const rows = named.length > 0 || signed === undefined ? named : index.bySigningName(signed);
  const speaking = rows.filter((row) => speaks(row, "rpc-v2-cbor"));
  const found = ownerOf(speaking, name);
  if (found === undefined) {
    const message = `No AWS service answers ${request.path} over CBOR.`;
    throw refusal("UnknownOperationException", 404, message, { protocol: "rpc-v2-cbor" });
  }
  const { model, operation } = found;
  return { model, operation, protocol: "rpc-v2-cbor", labels: NO_LABELS, credential };
}
