import type { AwsRoute } from "./codec.ts";
import { AwsFailure } from "./codec.ts";
import type { ListShape, MapShape, ScalarShape, Shape, StructureShape } from "./model.ts";
import { anyReachable, compiledPerShape, remembered } from "./shapes.ts";
import { validationStyleOf, type Violation } from "./validation-texts.ts";

export interface ValidationOptions {
  /** Clients are newer than the model; only services that really refuse unknown values turn this on. */
  readonly refusesUnknownEnumValues: boolean;
  /** The service takes forms that its model's patterns do not describe. */
  readonly ignoresPatterns?: boolean;
}

/** What a check carries down: built only as deep as needed, since nearly every input is valid. */
interface Walk {
  readonly violations: Violation[];
  readonly hasEnums: boolean;
  readonly hasPatterns: boolean;
}
interface Place {
  readonly parent: Place | undefined;
  readonly step: string;
  readonly member: string;
}
type Check = (value: unknown, place: Place, walk: Walk) => void;

/** AWS lists at most this many; more would only make the text longer. */
const VIOLATIONS_MAX = 10;

const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

function pathOf(place: Place): string {
  return place.parent === undefined || place.parent.step === "" ? place.step : `${pathOf(place.parent)}.${place.step}`;
}

function report(walk: Walk, place: Place, value: unknown, kind: Violation["kind"], constraint: string): void {
  if (walk.violations.length >= VIOLATIONS_MAX) return;
  walk.violations.push({
    path: pathOf(place),
    value,
    kind,
    constraint: `Member must ${constraint}`,
    member: place.member,
  });
}

const isConstrained = remembered((shape: Shape) =>
  anyReachable(shape, (inner) => {
    if (inner.type === "structure") return inner.required.length > 0;
    const { min, max } = inner as ScalarShape;
    return (
      min !== undefined ||
      max !== undefined ||
      (inner as ScalarShape).pattern !== undefined ||
      (inner as ScalarShape).enum !== undefined
    );
  }),
);

const checkOf: (shape: Shape) => Check = compiledPerShape<Check>((shape) => {
  if (shape.type === "structure") return structureCheck(shape);
  if (shape.type === "list") return listCheck(shape);
  return shape.type === "map" ? mapCheck(shape) : scalarCheck(shape);
});

function structureCheck(shape: StructureShape): Check {
  const required = shape.required.map((name) => ({ name, step: lowerFirst(name) }));
  const members = new Map<string, { step: string; check: Check }>();
  for (const member of shape.members.values()) {
    if (isConstrained(member.shape))
      members.set(member.name, { step: lowerFirst(member.name), check: checkOf(member.shape) });
  }
  return (value, place, walk) => {
    const structure = value as Record<string, unknown>;
    for (const { name, step } of required) {
      if (structure[name] === undefined)
        report(walk, { parent: place, step, member: name }, null, "required", "not be null");
    }
    for (const name in structure) {
      const member = members.get(name);
      if (member !== undefined) member.check(structure[name], { parent: place, step: member.step, member: name }, walk);
    }
  };
}

function checkLength(
  length: number,
  shape: ScalarShape | ListShape | MapShape,
  value: unknown,
  place: Place,
  walk: Walk,
): void {
  if (shape.max !== undefined && length > shape.max)
    report(walk, place, value, "length", `have length less than or equal to ${shape.max}`);
  if (shape.min !== undefined && length < shape.min)
    report(walk, place, value, "length", `have length greater than or equal to ${shape.min}`);
}

function listCheck(shape: ListShape): Check {
  const check = isConstrained(shape.member) ? checkOf(shape.member) : undefined;
  return (value, place, walk) => {
    const items = value as readonly unknown[];
    checkLength(items.length, shape, value, place, walk);
    if (check === undefined) return;
    for (let i = 0; i < items.length; i++) {
      if (items[i] !== null) check(items[i], { parent: place, step: `${i + 1}.member`, member: place.member }, walk);
    }
  };
}

function mapCheck(shape: MapShape): Check {
  const checkKey = isConstrained(shape.key) ? checkOf(shape.key) : undefined;
  const check = isConstrained(shape.value) ? checkOf(shape.value) : undefined;
  return (value, place, walk) => {
    const entries = value as Record<string, unknown>;
    if (shape.min !== undefined || shape.max !== undefined)
      checkLength(Object.keys(entries).length, shape, value, place, walk);
    for (const key in entries) {
      if (checkKey !== undefined) checkKey(key, { parent: place, step: "key", member: place.member }, walk);
      if (check !== undefined && entries[key] !== null)
        check(entries[key], { parent: place, step: `${key}.member`, member: place.member }, walk);
    }
  };
}

function scalarCheck(shape: ScalarShape): Check {
  const { min, max, pattern, enum: values } = shape;
  const isNumber = ["integer", "long", "float", "double", "bigInteger", "bigDecimal"].includes(shape.type);
  if (isNumber) {
    return (value, place, walk) => {
      const number = value as number;
      if (max !== undefined && number > max)
        report(walk, place, value, "range", `have value less than or equal to ${max}`);
      if (min !== undefined && number < min)
        report(walk, place, value, "range", `have value greater than or equal to ${min}`);
    };
  }
  if (shape.type === "blob") {
    return (value, place, walk) => {
      if (value instanceof Uint8Array) checkLength(value.length, shape, value, place, walk);
    };
  }
  const allowed = values === undefined ? undefined : new Set(values);
  return (value, place, walk) => {
    if (typeof value !== "string") return;
    if (min !== undefined || max !== undefined) checkLength(value.length, shape, value, place, walk);
    if (walk.hasPatterns && pattern !== undefined && patternOf(pattern)?.test(value) === false) {
      report(walk, place, value, "pattern", `satisfy regular expression pattern: ${pattern}`);
    }
    if (allowed !== undefined && walk.hasEnums && !allowed.has(value)) {
      report(walk, place, value, "enum", `satisfy enum value set: [${(values as readonly string[]).join(", ")}]`);
    }
  };
}

const patterns = new Map<string, RegExp | null>();

/** Backtracking on long input can take forever; AWS's own values that patterns describe are short. */
const isNestedRepeat = (source: string) => /\([^()]*[+*][^()]*\)[+*]/.test(source);

/** A model's Java pattern as ours, for whole values; null for those that JavaScript cannot say. */
export function patternOf(pattern: string): RegExp | null {
  const cached = patterns.get(pattern);
  if (cached !== undefined) return cached;
  const compiled = isNestedRepeat(pattern) ? null : compile(pattern);
  patterns.set(pattern, compiled);
  return compiled;
}

/** Java's classes that JavaScript has no name for, as ranges. */
const JAVA_CLASSES: Readonly<Record<string, string>> = {
  Print: String.raw`\x20-\x7E`,
  Graph: String.raw`\x21-\x7E`,
  Alnum: "a-zA-Z0-9",
  Alpha: "a-zA-Z",
  Digit: "0-9",
};
const JAVA_CLASS = /\\p\{(Print|Graph|Alnum|Alpha|Digit)\}/g;
/** Within brackets a class is its range alone. */
const withoutJavaClasses = (source: string): string =>
  source
    .replaceAll(/\[[^\]]*\]/g, (inBrackets) => inBrackets.replaceAll(JAVA_CLASS, (_, name) => JAVA_CLASSES[name] ?? ""))
    .replaceAll(JAVA_CLASS, (_, name) => `[${JAVA_CLASSES[name] ?? ""}]`);

function compile(pattern: string): RegExp | null {
  const flags = /^\(\?([is]+)\)/.exec(pattern)?.[1] ?? "";
  const source = withoutJavaClasses(pattern)
    .replace(/^\(\?[is]+\)/, "")
    .replaceAll(String.raw`\A`, "^")
    .replace(/\\[zZ]/g, "$");
  for (const unicode of ["u", ""]) {
    try {
      return new RegExp(`^(?:${source})$`, flags + unicode);
    } catch (problem) {
      // Java allows what one of JavaScript's two dialects does not; the other may.
      if (!(problem instanceof SyntaxError)) throw problem;
    }
  }
  return null;
}

const ROOT: Place = { parent: undefined, step: "", member: "" };

/** Everything that the model forbids in `input`; empty for nearly every request. */
export function violationsOf(shape: StructureShape, input: unknown, options: ValidationOptions): readonly Violation[] {
  if (!isConstrained(shape)) return NONE;
  const walk: Walk = {
    violations: [],
    hasEnums: options.refusesUnknownEnumValues,
    hasPatterns: !options.ignoresPatterns,
  };
  checkOf(shape)(input, ROOT, walk);
  return walk.violations;
}
const NONE: readonly Violation[] = [];

/** Throws the failure that the service itself would answer, with its code and text. */
export function validateInput(route: AwsRoute, input: Record<string, unknown>, options: ValidationOptions): void {
  const shape = route.operation.input;
  if (shape === undefined) return;
  const violations = violationsOf(shape, input, options);
  if (violations.length > 0) throw new AwsFailure(validationStyleOf(route)(violations, route));
}
