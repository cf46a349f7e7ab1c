import type { Member, Shape, TimestampFormat } from "./model.ts";
import { malformed } from "./malformed.ts";

const DAY_MS = 86_400_000;
const ISO = /^[+-]?\d{4,6}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/i;
const BASIC_ISO = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

const twoDigits = Array.from({ length: 100 }, (_, i) => String(i).padStart(2, "0"));

/** What `textOf` says of a date's day, which it is asked only when the day is another than the last one's. */
function perDay(textOf: (date: Date) => string): (date: Date, day: number) => string {
  let last = Number.NaN;
  let text = "";
  return (date, day) => {
    if (day !== last) {
      text = textOf(date);
      last = day;
    }
    return text;
  };
}

/** `2030-01-01T` and `Tue, 01 Jan 2030 `. */
const isoDay = perDay((date) => date.toISOString().replace(/T.*$/, "T"));
const rfc822Day = perDay((date) => date.toUTCString().replace(/\S+ GMT$/, ""));

/** `23:59:59` */
function timeText(ofDayMs: number): string {
  const seconds = Math.floor(ofDayMs / 1000);
  const minutes = Math.floor(seconds / 60);
  return `${twoDigits[Math.floor(minutes / 60)]}:${twoDigits[minutes % 60]}:${twoDigits[seconds % 60]}`;
}

/** `2030-01-01T00:00:00.000Z`: as `toISOString`, without its cost when many dates of one day are written. */
function isoWithMilliseconds(date: Date): string {
  const ms = date.getTime();
  const day = Math.floor(ms / DAY_MS);
  const ofDayMs = ms - day * DAY_MS;
  return `${isoDay(date, day)}${timeText(ofDayMs)}.${String(ofDayMs % 1000).padStart(3, "0")}Z`;
}

/** `Tue, 01 Jan 2030 00:00:00 GMT`: the same of `toUTCString`. */
function rfc822(date: Date): string {
  const ms = date.getTime();
  const day = Math.floor(ms / DAY_MS);
  return `${rfc822Day(date, day)}${timeText(ms - day * DAY_MS)} GMT`;
}

/** `2030-01-01T00:00:00Z`; milliseconds only where there are some. */
export function isoShort(date: Date): string {
  const text = isoWithMilliseconds(date);
  return text.endsWith(".000Z") ? `${text.slice(0, -5)}Z` : text;
}

/** The format a timestamp has where the model says nothing else: the member's own, its shape's, `fallback`. */
export function timestampFormatOf(
  member: Member | undefined,
  shape: Shape,
  fallback: TimestampFormat,
): TimestampFormat {
  return member?.timestampFormat ?? (shape as { timestampFormat?: TimestampFormat }).timestampFormat ?? fallback;
}

export function formatTimestamp(date: Date, format: TimestampFormat): string {
  if (format === "iso8601") return isoWithMilliseconds(date);
  return format === "rfc822" ? rfc822(date) : String(date.getTime() / 1000);
}

function valid(ms: number, text: string): Date {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) malformed(`Invalid timestamp: ${text.slice(0, 64)}`);
  return date;
}

export function dateFromEpochSeconds(seconds: number): Date {
  return valid(Math.round(seconds * 1000), String(seconds));
}

/** Reads any of the three formats, as AWS does: clients of every age send every one of them. */
export function parseTimestamp(text: string, format: TimestampFormat): Date {
  const trimmed = text.trim();
  if (format === "unixTimestamp" && trimmed !== "" && Number.isFinite(Number(trimmed)))
    return dateFromEpochSeconds(Number(trimmed));
  if (ISO.test(trimmed)) return valid(Date.parse(trimmed), text);
  if (format !== "iso8601" && /^[A-Z][a-z]{2}, /.test(trimmed)) return valid(Date.parse(trimmed), text);
  const basic = BASIC_ISO.exec(trimmed);
  if (basic) return valid(Date.parse(`${basic[1]}-${basic[2]}-${basic[3]}T${basic[4]}:${basic[5]}:${basic[6]}Z`), text);
  if (/^\d{4}-\d{2}-\d{2}$/.test(trimmed)) return valid(Date.parse(trimmed), text);
  if (/^-?\d+(\.\d+)?$/.test(trimmed)) return dateFromEpochSeconds(Number(trimmed));
  return malformed(`Invalid timestamp: ${text.slice(0, 64)}`);
}
