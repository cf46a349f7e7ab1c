import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { isForeignHost, workingDirectory } from "../environment.ts";

/** Where the author's program makes a construct. */
export interface SourceLocation {
  /** Relative to the directory that the program runs in, with forward slashes. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const FRAMES_MAX = 50;
const PLACE = /^\s*at (?:.*\()?((?:file:\/\/)?[^()]+?):(\d+):(\d+)\)?$/;
const OWN_DIRECTORY = fileURLToPath(new URL("..", import.meta.url));

/**
 * The innermost line of the program that is being run which is neither this package's nor another one's. Undefined in
 * programs of other languages, of which Node knows no lines.
 */
export const callerLocation = (): SourceLocation | undefined => locationIn(currentTrace);

/** The same of the line that threw an error. */
export const throwingLocation = ({ stack = "" }: Error): SourceLocation | undefined => locationIn(() => stack);

function locationIn(trace: () => string): SourceLocation | undefined {
  if (isForeignHost()) return undefined;
  for (const frame of trace().split("\n").slice(1)) {
    const [, place, line, column] = PLACE.exec(frame) ?? [];
    if (place === undefined || place.startsWith("node:")) continue;
    const file = place.startsWith("file://") ? fileURLToPath(place) : place;
    if (isOwnFile(file) || file.includes(`${sep}node_modules${sep}`)) continue;
    return { file: relativePath(file), line: Number(line), column: Number(column) };
  }
  return undefined;
}

/** This package's tests stand beside what they test, and are programs like any other. */
const isOwnFile = (file: string) => file.startsWith(OWN_DIRECTORY) && !/[.]test[.]ts$/.test(file);

const relativePath = (file: string) => relative(workingDirectory(), file).replaceAll("\\", "/");

function currentTrace(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES_MAX;
  const trace = new Error("where").stack ?? "";
  Error.stackTraceLimit = limit;
  return trace;
}
