import { invalidArgument } from "./model.ts";

/** How many entries a page of a listing has: S3 takes any number of 32 bits, and gives a thousand at most. */

const PAGE_MAX = 1000;
const INTEGER_MAX = 2_147_483_647;

function pageOf(name: string, limit: number | undefined): number {
  if (limit === undefined) return PAGE_MAX;
  if (limit > INTEGER_MAX)
    throw invalidArgument(name, String(limit), `Provided ${name} not an integer or within integer range`);
  return Math.min(limit, PAGE_MAX);
}

/** Of uploads and parts. */
export function limitOf(name: "max-uploads" | "max-parts", limit: number | undefined): number {
  checkNotNegative(name, limit, `Argument ${name} must be an integer between 0 and ${INTEGER_MAX}`);
  return pageOf(name, limit);
}

/** Of objects. */
export function keysMaxOf(limit: number | undefined): number {
  checkNotNegative("maxKeys", limit, `Argument maxKeys must be an integer between 0 and ${INTEGER_MAX}`);
  return pageOf("max-keys", limit);
}

/** Of versions, for which S3 has words of their own. */
export function versionsMaxOf(limit: number | undefined): number {
  checkNotNegative("max-keys", limit, "max-keys cannot be negative");
  return pageOf("max-keys", limit);
}

function checkNotNegative(name: string, limit: number | undefined, text: string): void {
  if (limit !== undefined && limit < 0) throw invalidArgument(name, String(limit), text);
}

/** The part after which a listing of parts goes on. */
export function partMarkerOf(marker = 0): number {
  const name = "part-number-marker";
  checkNotNegative(name, marker, `Argument ${name} must be an integer between 0 and ${INTEGER_MAX}`);
  return marker;
}
