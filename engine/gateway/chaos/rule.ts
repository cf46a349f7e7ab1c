import { starPattern } from "../../platform/star-pattern.ts";
import type { OperationCall } from "../../services/operation-call.ts";
import type { Disturbance } from "../../services/passage.ts";

export const EFFECTS = ["fail", "delay", "throttle", "drop"] as const;
export type Effect = (typeof EFFECTS)[number];

/** Which calls a rule is about: each may have `*` for any text; what is absent is any. Case does not matter. */
export interface CallPattern {
  readonly cloud?: string | undefined;
  readonly service?: string | undefined;
  /** `PutObject`, `Put*`, `AWS::S3::Bucket.create`, `*.create`. */
  readonly operation?: string | undefined;
  /** The whole of what a call names, or its first or last part: `photos` is the bucket and all that is in it. */
  readonly resource?: string | undefined;
}

/** What is to be disturbed, how, and how often. */
export interface RuleInput extends CallPattern {
  readonly effect: Effect;
  /**
   * Of `fail`: the code that is told, and its HTTP status, which is known for codes of the cloud. Without a code each
   * service says in its own that it failed inside.
   */
  readonly error?: string | undefined;
  readonly status?: number | undefined;
  /** Of `delay`. */
  readonly delayMs?: number | undefined;
  /** Of `drop`: the operation is carried out first, and its answer is lost. */
  readonly isAfter?: boolean | undefined;
  /** From 0 to 1: how likely each call is disturbed; always when absent. */
  readonly probability?: number | undefined;
  /** The same calls in the same order are disturbed for the same seed; one is drawn when it is absent. */
  readonly seed?: number | undefined;
  /** Lets so many calls pass first. */
  readonly skip?: number | undefined;
  /** Ends after so many disturbances. */
  readonly count?: number | undefined;
}

/** A rule as it is kept. */
export interface ChaosRule extends RuleInput {
  /** `1`, `2`, ... */
  readonly id: string;
  readonly createdAtMs: number;
  /** How many calls it was about so far, and how many of them it disturbed. */
  readonly seen: number;
  readonly disturbed: number;
}

export const isSpent = ({ count, disturbed }: ChaosRule): boolean => count !== undefined && disturbed >= count;

/** `fail s3 PutObject of photos with AccessDenied, once` */
export function ruleText(rule: RuleInput): string {
  const { cloud, service, operation, resource, error, status, delayMs, isAfter, probability, skip, count } = rule;
  const which = [cloud, service, operation].filter((part) => part !== undefined).join(" ") || "everything";
  return [
    `${rule.effect} ${which}`,
    resource === undefined ? "" : ` of ${resource}`,
    error !== undefined ? ` with ${error}` : status !== undefined ? ` with status ${status}` : "",
    delayMs === undefined ? "" : ` by ${delayMs} ms`,
    isAfter ? " after it was done" : "",
    probability === undefined ? "" : `, ${probability * 100} of 100`,
    skip === undefined ? "" : `, after ${skip} more`,
    count === undefined ? "" : count === 1 ? ", once" : `, ${count} times`,
  ].join("");
}

/** Whether a rule is about a call. */
export function isAbout(pattern: CallPattern, call: OperationCall): boolean {
  const { cloud, service, operation, resource } = pattern;
  return (
    (cloud === undefined || isLike(cloud, call.cloud)) &&
    (service === undefined || isLike(service, call.service)) &&
    (operation === undefined || isLike(operation, call.operation)) &&
    (resource === undefined || namesOf(call).some((name) => partsOf(name).some((part) => isLike(resource, part))))
  );
}

const namesOf = ({ resource = "", alsoAbout = [] }: OperationCall): readonly string[] => [resource, ...alsoAbout];

/** `photos/2030/a.jpg`: itself, `photos` and `a.jpg`; `arn:aws:sns:us-east-1:111111111111:orders`: and `orders`. */
function partsOf(resource: string): readonly string[] {
  const slash = resource.indexOf("/");
  const end = Math.max(resource.lastIndexOf("/"), resource.lastIndexOf(":"));
  return [resource, slash < 0 ? resource : resource.slice(0, slash), resource.slice(end + 1)];
}

const expressions = new Map<string, RegExp>();

/** Whether a text is like a pattern, in which `*` stands for any text. */
export function isLike(pattern: string, text: string): boolean {
  let expression = expressions.get(pattern);
  if (!expression) expressions.set(pattern, (expression = starPattern(pattern, "is")));
  return expression.test(text);
}

const STATUS_DEFAULT = 500;

/** What becomes of a call that a rule disturbs. */
export function disturbanceOf({ id, effect, error, status, delayMs = 0, isAfter = false }: ChaosRule): Disturbance {
  if (effect === "delay") return { kind: "delay", delayMs };
  if (effect === "throttle") return { kind: "throttle" };
  if (effect === "drop") return { kind: "drop", isAfter };
  return {
    kind: "fail",
    code: error,
    status: status ?? STATUS_DEFAULT,
    message: `Rule ${id} of chaos makes this fail.`,
  };
}
