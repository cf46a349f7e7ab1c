import { text } from "node:stream/consumers";
import { openBody } from "../kernel/joined-body.ts";
import type { StoredBody } from "../kernel/blobs.ts";
import type { Calls } from "../services/calls.ts";
import { ServiceError } from "../services/errors.ts";
import type { Service } from "../services/manifest.ts";
import type { TemplateFiles } from "../stack/template/template-files.ts";

/** Templates nested by the URL of an object, which this engine keeps itself. */
export function objectTemplates(calls: Calls, services: readonly Service[]): TemplateFiles {
  const objects = services.find(({ name }) => name === "objects");
  return {
    async read(url, scope) {
      const place = objectOf(url);
      if (!objects || !place) return undefined;
      try {
        const found = (await calls.call(objects, "getObject", place, scope)) as { readonly body: StoredBody };
        return await text(openBody(calls.blobs, found.body));
      } catch (error) {
        if (error instanceof ServiceError && error.kind === "notFound") return undefined;
        throw error;
      }
    },
  };
}

/** `s3://bucket/key`, `https://host/bucket/key`, and `https://bucket.s3.host/key`. */
export function objectOf(url: string): { readonly bucket: string; readonly key: string } | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed) return undefined;
  const path = decodeURIComponent(parsed.pathname).replace(/^\//, "");
  if (parsed.protocol === "s3:") return path === "" ? undefined : { bucket: parsed.hostname, key: path };
  const bucket = /^(.+?)[.]s3[.-]/.exec(parsed.hostname)?.[1];
  const [, first, rest] = bucket === undefined ? (/^([^/]+)\/(.+)$/.exec(path) ?? []) : [path, bucket, path];
  return first === undefined || rest === undefined || rest === "" ? undefined : { bucket: first, key: rest };
}
