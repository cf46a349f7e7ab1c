import type { MovableClock } from "../../platform/movable-clock.ts";
import type { WireRequest } from "../wire.ts";
import { AwsFailure } from "./codec.ts";

const EXPIRY_SECONDS_MAX = 7 * 24 * 3600;
/** A clock may run ahead of ours by this much. */
const SKEW_MS_MAX = 15 * 60 * 1000;

const refused = (message: string) =>
  new AwsFailure({ code: "AuthorizationQueryParametersError", status: 400, message });

function expired(expiresAtMs: number, nowMs: number, seconds?: number): AwsFailure {
  return new AwsFailure({
    code: "AccessDenied",
    status: 403,
    message: "Request has expired",
    members: {
      ...(seconds !== undefined && { "X-Amz-Expires": seconds }),
      Expires: new Date(expiresAtMs).toISOString(),
      ServerTime: new Date(nowMs).toISOString(),
    },
  });
}

function secondsOf(text: string | null): number {
  const seconds = text === null || !/^-?\d+$/.test(text) ? Number.NaN : Number(text);
  if (Number.isNaN(seconds)) throw refused("X-Amz-Expires should be a number");
  if (seconds < 0) throw refused("X-Amz-Expires must be non-negative");
  if (seconds > EXPIRY_SECONDS_MAX)
    throw refused(
      "X-Amz-Expires must be less than a week (in seconds); "
        + `that is, the given X-Amz-Expires must be less than ${EXPIRY_SECONDS_MAX} seconds`,
    );
  return seconds;
}

function checkV4(query: URLSearchParams, clock: SignersClock): void {
  const stamp = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get("X-Amz-Date") ?? "");
  if (!stamp)
    throw refused('X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd\'T\'HHmmss\'Z\'"');
  const [, year, month, day, hours, minutes, seconds] = stamp;
  const signedAtMs = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  const lifeSeconds = secondsOf(query.get("X-Amz-Expires"));
  const nowMs = clock.nowMs();
  const endMs = clock.shownAt(signedAtMs) + lifeSeconds * 1000;
  if (nowMs >= endMs) throw expired(endMs, nowMs, lifeSeconds);
  if (signedAtMs > clock.base.nowMs() + SKEW_MS_MAX)
    throw new AwsFailure({ code: "AccessDenied", status: 403, message: "Request is not yet valid" });
}

/** Whoever signs goes by `base`; the engine by what this clock showed at that time. */
type SignersClock = Pick<MovableClock, "nowMs" | "shownAt" | "base">;

/**
 * Refuses a presigned request, v4 or v2, whose time is over. Costs a look at the query for every other one.
 * Of v2 nobody knows when it was signed, so that its end is looked for on the clock of who signed it.
 */
export function checkPresignedTime({ query }: Pick<WireRequest, "query">, clock: SignersClock): void {
  if (query === "" || !query.includes("Signature=")) return;
  const parameters = new URLSearchParams(query);
  if (parameters.has("X-Amz-Signature")) return checkV4(parameters, clock);
  const expires = parameters.get("Expires");
  if (expires === null || !parameters.has("AWSAccessKeyId")) return;
  const endMs = Number(expires) * 1000;
  if (Number.isNaN(endMs)) {
    const message = `Invalid date (should be seconds since epoch): ${expires}`;
    throw new AwsFailure({ code: "AccessDenied", status: 403, message });
  }
  const nowMs = clock.base.nowMs();
  if (nowMs >= endMs) throw expired(endMs, nowMs);
}
