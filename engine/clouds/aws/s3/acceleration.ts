import { AwsFailure } from "../../../protocols/aws/codec.ts";
import { s3PlaceOf } from "../../../protocols/aws/s3-place.ts";
import type { WireRequest, WireResponse } from "../../../protocols/wire.ts";
import type { Calls } from "../../../services/calls.ts";
import { objects } from "../../../services/objects/service.ts";
import { allowOrigin } from "./origins.ts";
import { DEFAULT_SCOPE } from "./website.ts";

/** `BUCKET.s3-accelerate.localhost:4566`: serves only buckets that are set to it; there is no way that is faster. */
export const isAcceleratedHost = (host: string): boolean => host.includes(".s3-accelerate.");

const refused = (message: string) => new AwsFailure({ code: "InvalidRequest", status: 400, message });

export async function answerAccelerated(
  request: WireRequest,
  calls: Calls,
  serve: (request: WireRequest) => Promise<WireResponse>,
): Promise<WireResponse> {
  const { bucket = "" } = s3PlaceOf(request) ?? {};
  const isKnown = await calls.call(objects, "findAcceleration", { bucket }, DEFAULT_SCOPE);
  // A bucket that is not there is for the operation to refuse.
  if (isKnown.exists && isKnown.acceleration === undefined)
    throw refused("S3 Transfer Acceleration is not configured on this bucket");
  if (isKnown.acceleration === "suspended") throw refused("S3 Transfer Acceleration is disabled on this bucket");
  const response = await serve(request);
  if (request.headers.origin !== undefined) await allowOrigin(request, response, calls);
  return response;
}
