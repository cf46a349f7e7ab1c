import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * `npx tsx engine/models/compile-aws/overlay.ts` writes `overlay.json`: the facts that botocore has lost and the
 * schemas of the AWS SDK for JavaScript still have. For SQS, the names and codes of the query protocol; for the XML
 * services, the namespace and the names of root elements. The file is checked in: the compiler needs no package.
 */
const PACKAGES: Readonly<Record<string, string>> = {
  sqs: "@aws-sdk/client-sqs@3.1169.0",
  s3: "@aws-sdk/client-s3@3.1169.0",
  route53: "@aws-sdk/client-route-53@3.1169.0",
  cloudfront: "@aws-sdk/client-cloudfront@3.1162.0",
  s3control: "@aws-sdk/client-s3-control@3.1112.0",
};

/** What one service gains. Members of lists and maps are called `member`, `key` and `value`. */
export interface ServiceOverlay {
  xmlNamespace?: string;
  roots: Record<string, string>;
  members: Record<string, Record<string, { name?: string; isFlattened?: true }>>;
  errors: Record<string, { queryCode: string; status: number }>;
}

interface SchemaTraits {
  readonly xmlName?: string;
  readonly xmlFlattened?: number;
  readonly awsQueryError?: readonly [code: string, status: number];
}

// A schema is [kind, namespace, name, traits, ...]; a member is a schema, a thunk of one, or [schema, traits].
const LIST = 1;
const MAP = 2;
const STRUCTURE = 3;
const ERROR = -3;
const OPERATION = 9;

export function overlayOf(schemas: readonly unknown[]): ServiceOverlay {
  const overlay: ServiceOverlay = { roots: {}, members: {}, errors: {} };
  const seen = new Set<unknown>();
  const visit = (node: unknown): void => {
    const schema = typeof node === "function" ? (node as () => unknown)() : node;
    if (!Array.isArray(schema) || seen.has(schema) || typeof schema[1] !== "string") return;
    seen.add(schema);
    const [kind, , name, rawTraits] = schema as [number, string, string, unknown];
    const traits = (typeof rawTraits === "object" && rawTraits !== null ? rawTraits : {}) as SchemaTraits;
    const members = membersOf(kind, schema);
    if (kind === STRUCTURE && traits.xmlName !== undefined) overlay.roots[name] = traits.xmlName;
    if (kind === ERROR && traits.awsQueryError !== undefined) {
      const [queryCode, status] = traits.awsQueryError;
      overlay.errors[name] = { queryCode, status };
    }
    for (const [memberName, member] of members) {
      const { target, traits: own } = splitMember(member);
      if (own.xmlName !== undefined || own.xmlFlattened !== undefined) {
        (overlay.members[name] ??= {})[memberName] = {
          ...(own.xmlName === undefined ? {} : { name: own.xmlName }),
          ...(own.xmlFlattened === undefined ? {} : { isFlattened: true as const }),
        };
      }
      visit(target);
    }
  };
  for (const schema of schemas) visit(schema);
  return overlay;
}

function membersOf(kind: number, schema: readonly unknown[]): readonly (readonly [string, unknown])[] {
  if (kind === LIST) return [["member", schema[4]]];
  if (kind === MAP)
    return [
      ["key", schema[4]],
      ["value", schema[5]],
    ];
  if (kind === OPERATION)
    return [
      ["input", schema[4]],
      ["output", schema[5]],
    ];
  if (kind !== STRUCTURE && kind !== ERROR && kind !== 4) return [];
  const schemas = schema[5] as readonly unknown[];
  return (schema[4] as readonly string[]).map((name, i) => [name, schemas[i]] as const);
}

function splitMember(member: unknown): { target: unknown; traits: SchemaTraits } {
  const isAnnotated = Array.isArray(member) && member.length === 2 && typeof member[1] !== "string";
  if (!isAnnotated) return { target: member, traits: {} };
  const traits: unknown = member[1];
  return { target: member[0], traits: typeof traits === "object" && traits !== null ? traits : {} };
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), "cloudstacks-overlay-"));
  try {
    execFileSync(
      "npm",
      ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", ...Object.values(PACKAGES)],
      { stdio: "inherit" },
    );
    const load = createRequire(join(folder, "package.json"));
    const overlays = Object.entries(PACKAGES).map(([id, pinned]) => {
      const name = pinned.slice(0, pinned.lastIndexOf("@"));
      const schemas = Object.entries(load(name) as object)
        .filter(([key]) => key.endsWith("$"))
        .map(([, schema]) => schema as unknown);
      const { roots, members, errors } = overlayOf(schemas);
      const config = readFileSync(join(folder, "node_modules", name, "dist-es/runtimeConfig.shared.js"), "utf8");
      const xmlNamespace = /xmlNamespace: "([^"]+)"/.exec(config)?.[1];
      // Only SQS lost the names of members; the XML services have them in botocore.
      const lost = id === "sqs" ? members : {};
      return [
        id,
        {
          ...(xmlNamespace === undefined ? {} : { xmlNamespace }),
          roots: sorted(roots),
          members: sorted(lost),
          errors: sorted(errors),
        },
      ];
    });
    const file = join(dirname(fileURLToPath(import.meta.url)), "overlay.json");
    writeFileSync(file, `${JSON.stringify(Object.fromEntries(overlays), null, 1)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
