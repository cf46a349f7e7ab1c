import type { AwsRoute } from "./codec.ts";
import type { AwsWireFailure } from "./model.ts";

/** One thing that is wrong with an input; `path` in AWS's own spelling, e.g. `tags.1.member.key`. */
export interface Violation {
  readonly path: string;
  readonly value: unknown;
  /** `Member must not be null`, `Member must have length less than or equal to 80`, ... */
  readonly constraint: string;
  readonly kind: "required" | "length" | "range" | "pattern" | "enum";
  /** The member as the model spells it, for services that name it in their own text. */
  readonly member: string;
}

/** How a service says that an input breaks its model. */
type ValidationStyle = (violations: readonly Violation[], route: AwsRoute) => Omit<AwsWireFailure, "fault">;

function valueText(value: unknown): string {
  if (value instanceof Uint8Array) return "java.nio.HeapByteBuffer";
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

function violationText({ path, value, constraint }: Violation): string {
  const subject = value === null ? "Value null" : `Value '${valueText(value)}'`;
  return `${subject} at '${path}' failed to satisfy constraint: ${constraint}`;
}

/** The text that most services share, from the framework they are built on. */
function commonText(violations: readonly Violation[]): string {
  const count = violations.length;
  return `${count} validation error${count === 1 ? "" : "s"} detected: ${violations.map(violationText).join("; ")}`;
}

const common: ValidationStyle = (violations, route) => ({
  code: route.protocol === "query" ? "ValidationError" : "ValidationException",
  status: 400,
  message: commonText(violations),
});

const first = (violations: readonly Violation[]) => violations[0] as Violation;

const ec2: ValidationStyle = (violations) => {
  const { kind, member, value } = first(violations);
  if (kind === "required") {
    return { code: "MissingParameter", status: 400, message: `The request must contain the parameter ${member}` };
  }
  return {
    code: "InvalidParameterValue",
    status: 400,
    message: `Value (${valueText(value)}) for parameter ${member} is invalid.`,
  };
};

const sqs: ValidationStyle = (violations) => {
  const { kind, member, value } = first(violations);
  if (kind === "required")
    return { code: "MissingParameter", status: 400, message: `The request must contain the parameter ${member}.` };
  return {
    code: "InvalidParameterValue",
    status: 400,
    message: `Value ${valueText(value)} for parameter ${member} is invalid.`,
  };
};

/** S3 checks documents against a schema, and headers and queries one by one. */
const s3: ValidationStyle = (violations, route) => {
  const { kind, member, value, path } = first(violations);
  const isInBody = path.includes(".") || route.operation.input?.members.get(member)?.location === "body";
  if (isInBody && kind !== "length") {
    const message = "The XML you provided was not well-formed or did not validate against our published schema";
    return { code: "MalformedXML", status: 400, message };
  }
  if (kind === "required")
    return { code: "InvalidRequest", status: 400, message: `Missing required parameter: ${member}` };
  const found = route.operation.input?.members.get(member);
  const bounds = kind === "range" && found?.shape.type === "integer" ? found.shape : undefined;
  const name = bounds ? (found?.wireName ?? member) : member;
  return {
    code: "InvalidArgument",
    status: 400,
    message: bounds
      ? `Argument ${name} must be an integer between ${bounds.min} and ${bounds.max}`
      : `${member} is invalid.`,
    members: { ArgumentName: name, ArgumentValue: valueText(value) },
  };
};

const STYLES: Readonly<Record<string, ValidationStyle>> = { ec2, sqs, s3 };

export function validationStyleOf(route: AwsRoute): ValidationStyle {
  return STYLES[route.model.id] ?? common;
}
