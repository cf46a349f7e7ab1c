import { Construct } from "constructs";
import { isResolvable, type IResolvable, type IResolveContext } from "./resolvable.ts";
import { hasMarker, piecesOf } from "./text.ts";

const DEPTH_MAX = 200;

/** Whether a value is a function call of the template language: `{ Ref: ... }`, `{ "Fn::Join": ... }`. */
export function isIntrinsic(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const [name, ...more] = Object.keys(value);
  return more.length === 0 && name !== undefined && (name === "Ref" || name === "Condition" || name.startsWith("Fn::"));
}

/**
 * A value with all tokens in it resolved, as a template holds it: what is undefined or null is left out.
 * Errors: a value that no template can hold, with the path to it.
 */
export function resolveValue(value: unknown, context: IResolveContext): unknown {
  return resolved(value, context, []);
}

type Path = readonly (string | number)[];

function resolved(value: unknown, context: IResolveContext, path: Path): unknown {
  if (path.length > DEPTH_MAX) throw new Error("a value contains itself, or a token always resolves to another one");
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return hasMarker(value) ? resolvedText(value, context, path) : value;
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (isResolvable(value)) return resolved(resolveOne(value, context), context, [...path, ""]);
  if (Array.isArray(value)) {
    return value
      .map((each, index) => resolved(each, context, [...path, index]))
      .filter((each) => each !== undefined);
  }
  if (typeof value === "object" && !Construct.isConstruct(value) && isPlain(value)) {
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, each]) => [resolvedKey(key, context, path), resolved(each, context, [...path, key])] as const)
        .filter(([, each]) => each !== undefined),
    );
  }
  throw new Error(`${placed(path)}${described(value)} cannot stand in a template`);
}

/** Objects of the other languages arrive as plain ones, too. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function described(value: unknown): string {
  if (Construct.isConstruct(value)) return `the construct ${value.node.path} (use one of its attributes)`;
  return typeof value === "object" && value !== null ? `an object of ${value.constructor.name}` : `a ${typeof value}`;
}

function placed(path: Path): string {
  const steps = path.filter((step) => step !== "");
  return steps.length === 0 ? "" : `${steps.join(".")}: `;
}

const resolveOne = (token: IResolvable, context: IResolveContext): unknown => token.resolve(context);

function resolvedKey(key: string, context: IResolveContext, path: Path): string {
  if (!hasMarker(key)) return key;
  const name = resolvedText(key, context, path);
  if (typeof name === "string") return name;
  throw new Error(`${placed(path)}a template cannot work out the name of a property: ${JSON.stringify(name)}`);
}

/** A text of which parts are known only to the template is a call of `Fn::Join` there. */
function resolvedText(text: string, context: IResolveContext, path: Path): unknown {
  const pieces = piecesOf(text).map((piece) =>
    typeof piece === "string" ? piece : resolved(resolveOne(piece, context), context, [...path, ""]),
  );
  return joinedText(pieces, path);
}

function joinedText(pieces: readonly unknown[], path: Path): unknown {
  const [only, ...more] = pieces;
  if (more.length === 0) return only;
  const joined: unknown[] = [];
  for (const piece of pieces.flatMap(flattened)) {
    if (piece === undefined) continue;
    if (typeof piece === "object" && !isIntrinsic(piece)) {
      throw new Error(`${placed(path)}a list or map cannot be a part of a text`);
    }
    const last = joined.at(-1);
    if (isIntrinsic(piece)) joined.push(piece);
    else if (typeof last === "string") joined[joined.length - 1] = last + String(piece);
    else joined.push(String(piece));
  }
  return joined.length === 1 ? joined[0] : { "Fn::Join": ["", joined] };
}

/** The pieces of a text that was joined before. */
function flattened(piece: unknown): unknown[] {
  if (!isIntrinsic(piece)) return [piece];
  const call = piece["Fn::Join"];
  return Array.isArray(call) && call[0] === "" && Array.isArray(call[1]) ? (call[1] as unknown[]) : [piece];
}
