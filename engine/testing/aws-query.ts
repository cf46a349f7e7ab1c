import { readXml, type XmlElement } from "../protocols/aws/xml/xml-reader.ts";
import type { TestCloud } from "./cloud.ts";

/** A refusal as a client of the query protocol sees it. */
export class QueryFailure extends Error {
  override name = "QueryFailure";
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

type Answer = string | Answer[] | { [name: string]: Answer };

/** A client of one service that speaks the query protocol as AWS's older clients do: forms there, XML back. */
export function queryClient(cloud: TestCloud, service: string, version: string, account = "111111111111") {
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${account}/20300101/us-east-1/${service}/aws4_request, ` +
    "SignedHeaders=host, Signature=0";
  return async (action: string, input: object = {}): Promise<Record<string, Answer>> => {
    const form = new URLSearchParams({ Action: action, Version: version });
    flatten(form, "", input);
    const response = await fetch(cloud.endpoint, { method: "POST", headers: { authorization }, body: form });
    const root = readXml(await response.text());
    const answer = valueOf(root) as Record<string, Record<string, Answer>>;
    if (response.ok) return (answer[`${action}Result`] || {}) as Record<string, Answer>;
    const { Code, Message } = answer.Error ?? {};
    throw new QueryFailure(String(Code), response.status, String(Message));
  };
}

/** Lists are `Name.member.1`, maps `Name.entry.1.key` and `.value`; those of message attributes say `Name`, `Value`. */
function flatten(form: URLSearchParams, prefix: string, input: unknown): void {
  if (Array.isArray(input)) {
    if (input.length === 0) form.set(prefix, "");
    input.forEach((item, i) => flatten(form, `${prefix}.member.${i + 1}`, item));
  } else if (input instanceof Uint8Array) form.set(prefix, Buffer.from(input).toString("base64"));
  else if (input instanceof Map) {
    const [name, content] = prefix.endsWith("MessageAttributes") ? ["Name", "Value"] : ["key", "value"];
    [...(input as Map<string, unknown>)].forEach(([key, value], i) => {
      form.set(`${prefix}.entry.${i + 1}.${name}`, key);
      flatten(form, `${prefix}.entry.${i + 1}.${content}`, value);
    });
  } else if (typeof input === "object" && input !== null) {
    for (const [name, value] of Object.entries(input)) {
      if (value !== undefined) flatten(form, prefix === "" ? name : `${prefix}.${name}`, value);
    }
  } else form.set(prefix, String(input));
}

function valueOf(element: XmlElement): Answer {
  const children = element.children;
  if (children.length === 0) return element.text;
  const names = new Set(children.map(({ name }) => name));
  if (names.size === 1 && names.has("member")) return children.map(valueOf);
  if (names.size === 1 && names.has("entry")) {
    const entries = children.map((entry) => Object.fromEntries(entry.children.map((one) => [one.name, valueOf(one)])));
    return Object.fromEntries(entries.map(({ key, value }) => [String(key), value as Answer]));
  }
  return Object.fromEntries(children.map((child) => [child.name, valueOf(child)]));
}
