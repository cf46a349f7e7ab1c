import { hash } from "node:crypto";

/** A web address as it is asked for, and who it says is asking. */
export interface WebAddress {
  readonly url: string;
  readonly user?: { readonly name: string; readonly password: string };
}

/** Takes a name and password out of an address: no request can be made to one that has them. */
export function webAddressOf(endpoint: string): WebAddress {
  const url = new URL(endpoint);
  if (url.username === "") return { url: endpoint };
  const user = { name: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  url.username = "";
  url.password = "";
  return { url: url.href, user };
}

const PARAMETER = /([a-z]+)=(?:"([^"]*)"|([^\s,]+))/gi;
/** The hashes of digests, by the names that challenges have for them. */
const ALGORITHMS: Readonly<Record<string, string>> = { MD5: "md5", "SHA-256": "sha256" };

function parametersOf(challenge: string): Readonly<Record<string, string>> {
  const found = [...challenge.matchAll(PARAMETER)];
  return Object.fromEntries(found.map(([, name = "", quoted, plain]) => [name.toLowerCase(), quoted ?? plain ?? ""]));
}

/**
 * What answers a challenge in the address's name; undefined when it is of a kind that is not known.
 * Source: RFC 7617 (Basic), RFC 7616 (Digest)
 */
export function authorizationFor(
  challenge: string,
  { url, user }: WebAddress,
  clientNonce: string,
): string | undefined {
  if (user === undefined) return undefined;
  const { name, password } = user;
  if (/^basic\b/i.test(challenge)) return `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;
  if (!/^digest\b/i.test(challenge)) return undefined;
  const { realm = "", nonce = "", opaque, qop, algorithm = "MD5" } = parametersOf(challenge);
  const algorithmName = ALGORITHMS[algorithm.toUpperCase()];
  if (algorithmName === undefined) return undefined;
  const digest = (text: string) => hash(algorithmName, text, "hex");
  const { pathname, search } = new URL(url);
  const uri = pathname + search;
  const who = digest(`${name}:${realm}:${password}`);
  const what = digest(`POST:${uri}`);
  const isProtected = qop?.split(/\s*,\s*/).includes("auth") === true;
  const between = isProtected ? `${nonce}:00000001:${clientNonce}:auth` : nonce;
  const response = digest(`${who}:${between}:${what}`);
  const told = { username: name, realm, nonce, uri, response, ...(opaque !== undefined && { opaque }) };
  const quoted = Object.entries(told).map(([key, text]) => `${key}="${text}"`);
  const plain = [`algorithm=${algorithm}`, ...(isProtected ? ["qop=auth", "nc=00000001"] : [])];
  return `Digest ${[...quoted, ...plain, ...(isProtected ? [`cnonce="${clientNonce}"`] : [])].join(", ")}`;
}
