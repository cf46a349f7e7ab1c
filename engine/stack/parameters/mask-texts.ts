import { isList, isMap, type Value } from "../expressions/value.ts";

const MASK = "****";
/** A shorter text is masked only where it stands by itself, lest every word that holds it be torn apart. */
const LENGTH_MIN = 4;

/** The single texts and numbers in a value that must not be shown. */
export function secretTexts(value: Value | undefined): readonly string[] {
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  if (isList(value)) return value.flatMap(secretTexts);
  return isMap(value) ? Object.values(value).flatMap(secretTexts) : [];
}

/** A text for people (a diagnostic, a failure's message) without the secrets that it may quote. */
export function maskTexts(text: string, secrets: readonly string[]): string {
  const longestFirst = [...new Set(secrets)].filter((each) => each !== "").sort((a, b) => b.length - a.length);
  return longestFirst.reduce((masked, secret) => {
    const escaped = secret.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const pattern = secret.length < LENGTH_MIN ? `(?<![A-Za-z0-9])${escaped}(?![A-Za-z0-9])` : escaped;
    return masked.replace(new RegExp(pattern, "g"), MASK);
  }, text);
}
