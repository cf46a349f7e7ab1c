import type { Eventually } from "../../platform/eventually.ts";
import type { WireRequest } from "../wire.ts";
import type { AwsRoute } from "./codec.ts";
import { credentialOf } from "./credential.ts";
import { loadAwsModel } from "./load-model.ts";
import { modelIndex } from "./model-index.ts";
import { isForm, routeByForm } from "./routing/by-form.ts";
import { routeByPath } from "./routing/by-path.ts";
import { routeByCborPath, routeByTarget } from "./routing/by-target.ts";
import { createLookup, type RoutingParts } from "./routing/lookup.ts";

/** Finds service, operation and protocol of a request. Throws `AwsFailure` in the protocol that it recognised. */
export type Dispatch = (request: WireRequest) => Eventually<AwsRoute>;

/**
 * Dispatch by AWS's own marks, in this order: `smithy-protocol`, `X-Amz-Target`, a form with `Action`, a REST route of
 * the service that the signature or the host names; S3 when nothing names one.
 */
export function createDispatch(parts: RoutingParts = { index: modelIndex(), loadModel: loadAwsModel }): Dispatch {
  const lookup = createLookup(parts);
  return (request) => {
    const { headers } = request;
    const credential = credentialOf(request);
    if (headers["smithy-protocol"] === "rpc-v2-cbor") return routeByCborPath(lookup, request, credential);
    const target = headers["x-amz-target"];
    if (target !== undefined) return routeByTarget(lookup, request, target, credential);
    if (isForm(lookup, request, credential?.service)) return routeByForm(lookup, request, credential);
    return routeByPath(lookup, request, credential);
  };
}
