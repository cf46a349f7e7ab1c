import type { WireRequest } from "../wire.ts";
import { hostFacts } from "./addressing.ts";
import { modelIndex } from "./model-index.ts";

/** Where a request to S3 points: the bucket in its host or its path, and the key. */
export interface S3Place {
  readonly bucket: string;
  /** Decoded; empty for the bucket itself. */
  readonly key: string;
}

const isServicePrefix = (label: string): boolean => modelIndex().byEndpointPrefix(label).length > 0;

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // No key is spelled so; whoever looks for it finds nothing.
    return path;
  }
}

/** Undefined where no bucket is named. */
export function s3PlaceOf({ host, path }: Pick<WireRequest, "host" | "path">): S3Place | undefined {
  const { bucket } = hostFacts(host, isServicePrefix);
  if (bucket !== undefined) return { bucket, key: decoded(path.slice(1)) };
  const [, inPath, key = ""] = /^\/([^/]+)(?:\/(.*))?$/s.exec(path) ?? [];
  return inPath === undefined ? undefined : { bucket: inPath, key: decoded(key) };
}
