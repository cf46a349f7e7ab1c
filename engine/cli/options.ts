import { resolve } from "node:path";
import { isAccount } from "../services/context.ts";
import type { LogLevel } from "../platform/log.ts";
import { FORMATS, type Format } from "./formats/format-names.ts";
import { Failure } from "./failure.ts";

/** How an engine is opened. */
export interface StorageOptions {
  readonly dataDirectory: string;
  /** `sqlite`, `memory` or a PostgreSQL URL. */
  readonly store: string;
  /** Where bodies are kept that are not files in the data directory. */
  readonly blobs?: string | undefined;
  readonly durability: "full" | "relaxed";
  /** Of `start`: what requests must be signed with. */
  readonly secretKey?: string | undefined;
  readonly logLevel: LogLevel;
  /** Of the commands that mend a store whose restore was cut off. */
  readonly acceptsHalfRestored?: boolean;
}

export const DATA_DIRECTORY = ".cloudstacks";
export const PORT = 4566;

/** The formats, and the text of a wrong one. */
export function readFormat(value: string): Format {
  const format = FORMATS.find((known) => known === value);
  if (format === undefined)
    throw new Failure(`There is no format "${value}".`, [`--format takes ${FORMATS.join(", ")}.`]);
  return format;
}

export function readPort(value: string): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Failure(`"${value}" is not a port.`, ["--port takes a number from 0 (any free port) to 65535."]);
  return port;
}

export function readDirectory(value: string): string {
  if (value !== "") return value;
  throw new Failure("An empty path names no folder.", ["--data-dir takes the path of a folder, e.g. .cloudstacks."]);
}

export function readAccount(value: string): string {
  if (isAccount(value)) return value;
  throw new Failure(`"${value}" is not an account.`, ["--account takes 12 digits, e.g. 111111111111."]);
}

export function readRegion(value: string): string {
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(value)) return value;
  throw new Failure(`"${value}" is not a region.`, ["--region takes a name like eu-west-1."]);
}

export function readEndpoint(value: string): string {
  if (/^https?:\/\//.test(value) && URL.canParse(value)) return value;
  throw new Failure(`"${value}" is not an address.`, ["--endpoint takes one like http://127.0.0.1:4566."]);
}

export function readStore(value: string): string {
  if (value === "sqlite" || value === "memory" || /^postgres(ql)?:\/\//.test(value)) return value;
  throw new Failure(`There is no store "${value}".`, [
    "--store takes sqlite, memory or postgres://USER@HOST/DATABASE.",
  ]);
}

export function readDurability(value: string): "full" | "relaxed" {
  if (value === "full" || value === "relaxed") return value;
  throw new Failure(`There is no durability "${value}".`, [
    "--durability takes full (an acknowledged write survives a power cut) or relaxed (it survives a crash).",
  ]);
}

const COUNT_MAX = 1000;

export function readCount(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1 || count > COUNT_MAX)
    throw new Failure(`"${value}" is not a number of steps.`, [`--concurrency takes a number from 1 to ${COUNT_MAX}.`]);
  return count;
}

export function readSerial(value: string): number {
  const serial = Number(value);
  if (!Number.isInteger(serial) || serial < 1)
    throw new Failure(`"${value}" is not a serial.`, ["Versions are counted from 1: cloudstack history STACK"]);
  return serial;
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `500ms`, `90s`, `10m`, `2h`, `30d`, in milliseconds. */
export function readDuration(value: string): number {
  const [, count, unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(value) ?? [];
  const unitMs = UNITS_MS[unit];
  if (count === undefined || unitMs === undefined)
    throw new Failure(`"${value}" is not a time.`, ["Write a number and a unit: 500ms, 90s, 10m, 2h, 30d."]);
  return Number(count) * unitMs;
}

/** `--parameter K=V`, as often as wanted. */
export function collectParameter(value: string, earlier: Record<string, string>): Record<string, string> {
  const mark = value.indexOf("=");
  if (mark < 1) throw new Failure(`"${value}" is not a parameter.`, ["Write --parameter NAME=VALUE."]);
  return { ...earlier, [value.slice(0, mark)]: value.slice(mark + 1) };
}

/** `--tag K=V`, as often as wanted; `--tag ""` alone for none at all. */
export function collectTag(value: string, earlier: Record<string, string> = {}): Record<string, string> {
  if (value === "") return earlier;
  const mark = value.indexOf("=");
  if (mark < 1) throw new Failure(`"${value}" is not a tag.`, ['Write --tag NAME=VALUE, or --tag "" for no tags.']);
  return { ...earlier, [value.slice(0, mark)]: value.slice(mark + 1) };
}

export const absoluteDirectory = (directory: string): string => resolve(directory);

/** An option that may be given as often as wanted. */
export const collectText = (value: string, earlier: readonly string[] = []): readonly string[] => [...earlier, value];

/** `--import LogicalId=id`, as often as wanted. */
export function collectImport(value: string, earlier: Record<string, string> = {}): Record<string, string> {
  const mark = value.indexOf("=");
  if (mark < 1 || mark === value.length - 1)
    throw new Failure(`"${value}" does not say what to import.`, ["Write --import RESOURCE=ID, e.g. Disk=vol-0f3a."]);
  return { ...earlier, [value.slice(0, mark)]: value.slice(mark + 1) };
}

/** `--context NAME=VALUE`, as often as wanted. */
export function collectContext(value: string, earlier: Record<string, string> = {}): Record<string, string> {
  const mark = value.indexOf("=");
  if (mark < 1) throw new Failure(`"${value}" is no context.`, ["Write --context NAME=VALUE."]);
  return { ...earlier, [value.slice(0, mark)]: value.slice(mark + 1) };
}
