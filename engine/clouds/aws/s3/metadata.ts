import type { WireCall } from "../binding.ts";

type Metadata = Readonly<Record<string, string>>;

// oxlint-disable-next-line no-control-regex -- characters that a header holds as they are
const PLAIN = /^[\u0000-\u007f]*$/;

function isPlain(metadata: Metadata): boolean {
  for (const name in metadata) if (!PLAIN.test(metadata[name] as string)) return false;
  return true;
}

const changed = (metadata: Metadata, change: (text: string, name: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(metadata).map(([name, text]) => [name, change(text, name)]));

/** Metadata as S3 takes it: a byte of a header is a character to it (Latin-1), whatever the sender meant. */
export function metadataOf(metadata: Metadata | undefined, { request }: WireCall): Metadata | undefined {
  if (!metadata || request.isPostForm || isPlain(metadata)) return metadata;
  return changed(metadata, (text, name) => request.headers[`x-amz-meta-${name}`] ?? text);
}

/** Metadata as S3 tells it: beyond ASCII in a form that mail would carry. Source: RFC 2047 */
export function metadataMember(metadata: Metadata): Metadata {
  if (isPlain(metadata)) return metadata;
  return changed(metadata, (text) => (PLAIN.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString("base64")}?=`));
}
