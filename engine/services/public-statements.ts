import { isObject } from "../platform/is-object.ts";

type Statement = Readonly<Record<string, unknown>>;

const listOf = (value: unknown): readonly unknown[] => (value === undefined ? [] : [value].flat());

/** Conditions on these name somebody in particular, so that a statement with one is not for everybody. */
const NARROWING = new Set([
  "aws:sourcearn",
  "aws:sourceaccount",
  "aws:sourceip",
  "aws:sourceowner",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "aws:userid",
  "aws:principalorgid",
  "aws:principalarn",
  "aws:principalaccount",
  "aws:principalorgpaths",
  "s3:dataaccesspointarn",
  "s3:dataaccesspointaccount",
]);

function isNarrowed(condition: unknown): boolean {
  if (!isObject(condition)) return false;
  return Object.values(condition).some(
    (test) =>
      isObject(test)
      && Object.entries(test).some(
        ([name, values]) =>
          NARROWING.has(name.toLowerCase()) && !listOf(values).some((one) => one === "*" || one === "0.0.0.0/0"),
      ),
  );
}

/**
 * Whether a statement of a policy document allows something to everybody.
 * Source: S3 User Guide, "The meaning of public"
 */
export function isPublicStatement({ Effect, Principal, Condition }: Statement): boolean {
  const names = isObject(Principal) ? listOf(Principal["AWS"]) : listOf(Principal);
  return Effect === "Allow" && names.includes("*") && !isNarrowed(Condition);
}
