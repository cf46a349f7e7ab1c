import { createHash } from "node:crypto";
import type { Scope } from "../../services/context.ts";
import type { Value } from "../expressions/value.ts";

const PREFIX = "AWS::";
export const NO_VALUE = "AWS::NoValue";

const VALUES: Readonly<Record<string, (scope: Scope, stack: string) => Value>> = {
  "AWS::AccountId": (scope) => scope.account,
  "AWS::NotificationARNs": () => [],
  "AWS::Partition": () => "aws",
  "AWS::Region": (scope) => scope.region,
  "AWS::StackId": (scope, stack) => stackIdOf(scope, stack),
  "AWS::StackName": (_scope, stack) => stack,
  "AWS::URLSuffix": () => "amazonaws.com",
};

export const PSEUDO_PARAMETERS: readonly string[] = [...Object.keys(VALUES), NO_VALUE];

/** Follows from scope and name, so that a plan of a stack that does not exist yet shows it. */
export function stackIdOf(scope: Scope, stack: string): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([scope.account, scope.region, stack]))
    .digest("hex");
  const uuid = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    digest.slice(12, 16),
    digest.slice(16, 20),
    digest.slice(20, 32),
  ].join("-");
  return `arn:aws:cloudformation:${scope.region}:${scope.account}:stack/${stack}/${uuid}`;
}

export function pseudoValue(name: string, scope: Scope, stack: string): Value | undefined {
  return name.startsWith(PREFIX) ? VALUES[name]?.(scope, stack) : undefined;
}
