import type { Scope } from "../../services/context.ts";

/** The services that hold values which templates name: `{{resolve:ssm:/app/stage:3}}`. */
const REFERENCE_SERVICES = ["ssm", "ssm-secure", "secretsmanager"] as const;
export type ReferenceService = (typeof REFERENCE_SERVICES)[number];

/** A dynamic reference, taken apart. */
export type DynamicReference =
  | { readonly service: "ssm" | "ssm-secure"; readonly name: string; readonly version?: number }
  | {
      readonly service: "secretsmanager";
      /** Name or ARN. */
      readonly secret: string;
      /** The key of a secret that is a JSON object; without it the whole text is meant. */
      readonly jsonKey?: string;
      readonly versionStage?: string;
      readonly versionId?: string;
    };

/**
 * The port to the services that hold them; the composition root fills it. What it answers is never kept in a plan, an
 * event or what `get` shows.
 */
export interface StoredValues {
  readonly services: readonly ReferenceService[];
  /** Undefined when there is no such value. Errors: the `ServiceError`s of the service asked. */
  resolve(reference: DynamicReference, scope: Scope): Promise<string | undefined>;
}

const REFERENCE = /\{\{resolve:([^:{}]*):?([^{}]*)\}\}/g;
/** The ARN of a secret has colons of its own: seven parts. */
const ARN_PARTS = 7;
const SSM_NAME = /^[A-Za-z0-9_.\-/]{1,2048}$/;

export const hasReference = (text: string): boolean => text.includes("{{resolve:");

/** The references of a text, each with what is wrong with it. */
export function referencesIn(
  text: string,
): readonly { readonly text: string; readonly reference?: DynamicReference; readonly fault?: string }[] {
  const found = [...text.matchAll(REFERENCE)].map(([whole, service = "", rest = ""]) => {
    const read = readReference(service, rest);
    return typeof read === "string" ? { text: whole, fault: read } : { text: whole, reference: read };
  });
  const isOpen = text.split("{{resolve:").length - 1 > found.length;
  return isOpen ? [...found, { text, fault: "it has no end; write {{resolve:service:name}}" }] : found;
}

function readReference(service: string, rest: string): DynamicReference | string {
  switch (service) {
    case "ssm":
    case "ssm-secure":
      return readSsm(service, rest);
    case "secretsmanager":
      return readSecret(rest);
    default:
      return `there is no service "${service}"; write ssm, ssm-secure or secretsmanager`;
  }
}

function readSsm(service: "ssm" | "ssm-secure", rest: string): DynamicReference | string {
  const [name = "", version, ...more] = rest.split(":");
  if (!SSM_NAME.test(name)) return `"${name}" cannot name an SSM parameter`;
  if (version === undefined) return { service, name };
  if (more.length > 0 || !/^[1-9]\d*$/.test(version)) return `a version is a whole number, not "${version}"`;
  return { service, name, version: Number(version) };
}

function readSecret(rest: string): DynamicReference | string {
  const parts = rest.split(":");
  const idParts = parts[0] === "arn" ? ARN_PARTS : 1;
  const secret = parts.slice(0, idParts).join(":");
  const [kind = "", jsonKey = "", versionStage = "", versionId = "", ...more] = parts.slice(idParts);
  if (secret === "" || parts.length < idParts) return "it names no secret";
  if (kind !== "" && kind !== "SecretString") return `"${kind}" cannot be asked for, only SecretString`;
  if (more.length > 0) return "it has more parts than secret:SecretString:key:stage:version";
  if (versionStage !== "" && versionId !== "") return "it names a stage and a version; name one of them";
  return {
    service: "secretsmanager",
    secret,
    ...(jsonKey !== "" && { jsonKey }),
    ...(versionStage !== "" && { versionStage }),
    ...(versionId !== "" && { versionId }),
  };
}
