import { isObject } from "../../platform/is-object.ts";
import { isPublicStatement } from "../public-statements.ts";
import { errors } from "./errors.ts";
import { holds, type PolicyFacts } from "./policy-conditions.ts";
import { matchesPattern } from "./policy-patterns.ts";

/** Whose policy it is: what it may speak of, and how it calls that. */
export interface PolicyHolder {
  readonly name: string;
  readonly kind: "bucket" | "access-point";
}
interface Naming {
  /** Takes the name out of a resource. */
  readonly name: RegExp;
  /** What stands before the name. */
  readonly before: RegExp;
  /** What stands between the name and a key. */
  readonly between: string;
}
const NAMINGS: Readonly<Record<PolicyHolder["kind"], Naming>> = {
  bucket: { name: /^arn:[a-z*-]+:s3:[^:]*:[^:]*:([^/]*)/, before: /^arn:[a-z-]+:s3:::/, between: "/" },
  "access-point": {
    name: /^arn:[a-z*-]+:s3:[^:]*:[^:]*:accesspoint\/([^/]*)/,
    before: /^arn:[a-z-]+:s3:[^:]*:[^:]*:accesspoint\//,
    between: "/object/",
  },
};
export const bucketHolder = (name: string): PolicyHolder => ({ kind: "bucket", name });
export const accessPointHolder = (name: string): PolicyHolder => ({ kind: "access-point", name });

type Statement = Readonly<Record<string, unknown>>;

const listOf = (value: unknown): readonly unknown[] => (value === undefined ? [] : [value].flat());

/** The statements of a policy, checked. Throws `PolicyMalformed`. */
export function statementsOf(holder: PolicyHolder, content: unknown): readonly Statement[] {
  const malformed = (why: string) => errors.PolicyMalformed({ bucket: holder.name, why });
  let policy: unknown;
  try {
    policy = JSON.parse(String(content));
  } catch (cause) {
    throw Object.assign(malformed("Policies must be valid JSON and the first byte must be '{'"), { cause });
  }
  if (!isObject(policy)) throw malformed("Policies must be valid JSON and the first byte must be '{'");
  if (!("Statement" in policy)) throw malformed("Missing required field Statement");
  const { Version, Statement: statements } = policy;
  if (Version !== undefined && Version !== "2012-10-17" && Version !== "2008-10-17")
    throw malformed("The policy must contain a valid version string");
  const listed = listOf(statements);
  for (const statement of listed) checkStatement(holder, statement, malformed);
  return listed as readonly Statement[];
}

function checkStatement(holder: PolicyHolder, statement: unknown, malformed: (why: string) => Error): void {
  if (!isObject(statement)) throw malformed("Invalid policy syntax.");
  if (!["Allow", "Deny"].includes(String(statement["Effect"])))
    throw malformed(`Invalid effect: ${String(statement["Effect"])}`);
  for (const name of ["Principal", "Action", "Resource"]) {
    if (!(name in statement) && !(`Not${name}` in statement)) throw malformed(`Missing required field ${name}`);
  }
  for (const action of listOf(statement["Action"] ?? statement["NotAction"])) {
    if (typeof action !== "string" || !/^(\*|s3[a-z-]*:[A-Za-z*?]+)$/i.test(action))
      throw malformed("Policy has invalid action");
  }
  for (const resource of listOf(statement["Resource"] ?? statement["NotResource"])) {
    if (typeof resource !== "string" || !isWithin(holder, resource))
      throw malformed("Policy has invalid resource");
  }
}

/** A policy may speak only of its holder. */
function isWithin(holder: PolicyHolder, resource: string): boolean {
  if (resource === "*") return true;
  const name = NAMINGS[holder.kind].name.exec(resource)?.[1];
  return name !== undefined && (name.includes("${") || matchesPattern(name, holder.name));
}

/** True when a statement allows something to everybody. */
export const isPublicPolicy = (statements: readonly Statement[]): boolean => statements.some(isPublicStatement);

export interface PolicyQuestion {
  readonly account: string;
  /** Without `s3:`. */
  readonly action: string;
  readonly key?: string | undefined;
  readonly facts?: PolicyFacts | undefined;
}

const namesPrincipal = (statement: Statement, account: string, takesPublic: boolean): boolean => {
  const { Principal } = statement;
  const names = isObject(Principal) ? listOf(Principal["AWS"]) : listOf(Principal);
  return names.some(
    (name) =>
      (name === "*" && takesPublic)
      || name === account
      || (typeof name === "string" && new RegExp(`^arn:[a-z-]+:iam::${account}:`).test(name)),
  );
};

function isAbout({ Action, Resource }: Statement, holder: PolicyHolder, { action, key }: PolicyQuestion): boolean {
  const { before, between } = NAMINGS[holder.kind];
  const resource = key === undefined ? holder.name : `${holder.name}${between}${key}`;
  const wanted = `s3:${action}`.toLowerCase();
  const hasAction = listOf(Action).some((name) => matchesPattern(String(name).toLowerCase(), wanted));
  const named = listOf(Resource).map((name) => String(name).replace(before, ""));
  return hasAction && named.some((name) => matchesPattern(name, resource));
}

/**
 * Whether a policy lets another account do something: true, false for a denial, undefined when it does not say.
 * A statement whose condition asks for what is not known here never allows, and always denies.
 */
export function allows(
  holder: PolicyHolder,
  content: unknown,
  question: PolicyQuestion,
  takesPublic: boolean,
): boolean | undefined {
  const about = statementsOf(holder, content).filter((statement) => isAbout(statement, holder, question));
  const { account, facts = {} } = question;
  const isDenied = about.some(
    (statement) =>
      statement["Effect"] === "Deny"
      && holds(statement["Condition"], facts) !== false
      && namesPrincipal(statement, account, true),
  );
  if (isDenied) return false;
  const isAllowed = about.some(
    (statement) =>
      statement["Effect"] === "Allow"
      && holds(statement["Condition"], facts) === true
      && namesPrincipal(statement, account, takesPublic || !isPublicStatement(statement)),
  );
  return isAllowed || undefined;
}
