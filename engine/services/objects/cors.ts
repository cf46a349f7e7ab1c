import type { CorsRule } from "./rules.ts";

export interface CorsRequest {
  readonly origin: string;
  readonly method: string;
  /** Lower-case. */
  readonly headers: readonly string[];
}

/** `*` stands for any text, once. */
function matches(pattern: string, text: string): boolean {
  const star = pattern.indexOf("*");
  if (star < 0) return pattern === text;
  const [start, end] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
}

/** The first rule that allows the request, or undefined. */
export const corsRuleFor = (rules: readonly CorsRule[], request: CorsRequest): CorsRule | undefined =>
  rules.find(
    (rule) =>
      rule.methods.includes(request.method)
      && rule.origins.some((origin) => matches(origin, request.origin))
      && request.headers.every((header) => rule.headers.some((allowed) => matches(allowed.toLowerCase(), header))),
  );
