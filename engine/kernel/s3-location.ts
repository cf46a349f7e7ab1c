import type { AwsCredentials } from "../platform/aws-environment.ts";
import { StoreUnavailable } from "./store.ts";

/** Where bodies are kept: a prefix of a bucket of any store that speaks S3. */
export interface S3Location {
  readonly bucket: string;
  /** Empty, or ends with a slash. */
  readonly prefix: string;
  readonly endpoint: URL;
  readonly region: string;
  readonly credentials: AwsCredentials;
}

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const FORM = "Write s3://BUCKET/PREFIX, with ?endpoint=URL for a store other than AWS and &region=REGION.";

/**
 * Reads `s3://BUCKET/PREFIX?endpoint=URL&region=REGION`.
 * Errors: StoreUnavailable with what is wrong and what to write
 */
export function readS3Location(
  text: string,
  environment: { readonly credentials?: AwsCredentials; readonly region?: string },
): S3Location {
  const refuse = (why: string): never => {
    throw new StoreUnavailable(`"${text}" is no place for bodies: ${why}.`);
  };
  const url = URL.canParse(text) ? new URL(text) : refuse(`it is not a URL. ${FORM}`);
  if (url.protocol !== "s3:" || !BUCKET.test(url.hostname)) refuse(`it names no bucket. ${FORM}`);
  if (url.username !== "" || url.password !== "")
    refuse("credentials stay out of it, and are read from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  const unknown = [...url.searchParams.keys()].find((name) => name !== "endpoint" && name !== "region");
  if (unknown !== undefined) refuse(`"${unknown}" is not known. ${FORM}`);
  const path = url.pathname.replaceAll(/^\/+|\/+$/g, "");
  // So that nothing in a listing or a signature needs escaping.
  if (!/^[A-Za-z0-9_./-]*$/.test(path)) refuse("its prefix has characters other than A-Z a-z 0-9 _ . / -");
  const region = url.searchParams.get("region") ?? environment.region ?? "us-east-1";
  const endpointText = url.searchParams.get("endpoint") ?? `https://s3.${region}.amazonaws.com`;
  const endpoint = URL.canParse(endpointText) ? new URL(endpointText) : undefined;
  if (!endpoint || !/^https?:$/.test(endpoint.protocol)) return refuse("its endpoint is not an http or https URL");
  const { credentials } = environment;
  if (!credentials) return refuse("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, which sign its requests");
  return { bucket: url.hostname, prefix: path === "" ? "" : `${path}/`, endpoint, region, credentials };
}

/** The place as people read it; no secrets. */
export const describeS3Location = ({ bucket, prefix, endpoint }: S3Location): string =>
  `s3://${bucket}/${prefix} at ${endpoint.host}`;
