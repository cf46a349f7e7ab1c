import { Type, type Static } from "typebox";
import { Ajv } from "ajv";
import type { Action } from "./plan.ts";

const texts = Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1 })]);
const statement = Type.Object(
  {
    Sid: Type.Optional(Type.String()),
    Effect: Type.Enum(["Allow", "Deny"]),
    Principal: Type.Optional(Type.Literal("*")),
    Action: Type.Optional(texts),
    NotAction: Type.Optional(texts),
    Resource: Type.Optional(texts),
    NotResource: Type.Optional(texts),
    Condition: Type.Optional(
      Type.Object(
        {
          StringEquals: Type.Optional(Type.Object({ ResourceType: texts }, { additionalProperties: false })),
          StringLike: Type.Optional(Type.Object({ ResourceType: texts }, { additionalProperties: false })),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
const stackPolicySchema = Type.Object(
  { Version: Type.Optional(Type.String()), Statement: Type.Array(statement, { minItems: 1 }) },
  { additionalProperties: false },
);

/**
 * Which resources an update may change, in CloudFormation's form. With a policy everything is denied that no statement
 * allows; a denial outweighs what is allowed.
 * Source: CloudFormation User Guide, "Prevent updates to stack resources"
 */
export type StackPolicy = Static<typeof stackPolicySchema>;
type Statement = Static<typeof statement>;

export type UpdateAction = "Update:Modify" | "Update:Replace" | "Update:Delete";
const UPDATE_ACTIONS: readonly string[] = ["Update:*", "Update:Modify", "Update:Replace", "Update:Delete"];

/** What a change counts as; making something new is nobody's to forbid. */
export const UPDATE_ACTION_OF: Partial<Record<Action, UpdateAction>> = {
  update: "Update:Modify",
  replace: "Update:Replace",
  delete: "Update:Delete",
  retain: "Update:Delete",
};

/** What is wrong with a value that should be a policy, one sentence each; nothing when it is one. */
export function policyFaults(value: unknown): readonly string[] {
  const ajv = new Ajv({ allErrors: true, strict: false });
  if (!ajv.validate(stackPolicySchema, value)) {
    // The branches of a choice say what is wrong; that none fits says nothing more.
    const errors = (ajv.errors ?? []).filter(({ keyword }) => keyword !== "anyOf");
    const faults = errors.map(({ instancePath, message = "" }) => `${instancePath || "the policy"} ${message}`);
    return [...new Set(faults)];
  }
  return (value as StackPolicy).Statement.flatMap((each, index) =>
    statementFaults(each).map((fault) => `/Statement/${index} ${fault}`),
  );
}

function statementFaults({ Action, NotAction, Resource, NotResource }: Statement): string[] {
  const faults: string[] = [];
  if ((Action === undefined) === (NotAction === undefined)) faults.push("must have one of Action and NotAction");
  const isOneOf = (Resource === undefined) !== (NotResource === undefined);
  if (!isOneOf) faults.push("must have one of Resource and NotResource");
  const unknown = listOf(Action ?? NotAction).filter((action) => !UPDATE_ACTIONS.includes(action) && action !== "*");
  if (unknown.length > 0) faults.push(`has unknown actions ${unknown.join(", ")}: use ${UPDATE_ACTIONS.join(", ")}`);
  const wrong = listOf(Resource ?? NotResource).filter((each) => each !== "*" && !each.startsWith(RESOURCE));
  if (wrong.length > 0) faults.push(`has wrong resources ${wrong.join(", ")}: write * or ${RESOURCE}<logical id>`);
  return faults;
}

const RESOURCE = "LogicalResourceId/";
const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

export interface Update {
  readonly action: UpdateAction;
  readonly logicalId: string;
  readonly type: string;
}

export function allows(policy: StackPolicy, update: Update): boolean {
  const matching = policy.Statement.filter((each) => matches(each, update));
  return matching.some(({ Effect }) => Effect === "Allow") && !matching.some(({ Effect }) => Effect === "Deny");
}

function matches(given: Statement, { action, logicalId, type }: Update): boolean {
  const { Action, NotAction, Resource, NotResource, Condition } = given;
  const isAction = listOf(Action ?? NotAction).some((each) => isLike(each, action));
  const isResource = listOf(Resource ?? NotResource).some((each) => isLike(each, `${RESOURCE}${logicalId}`));
  const equals = Condition?.StringEquals && listOf(Condition.StringEquals.ResourceType);
  const like = Condition?.StringLike && listOf(Condition.StringLike.ResourceType);
  return (
    isAction === (Action !== undefined) &&
    isResource === (Resource !== undefined) &&
    (equals?.includes(type) ?? true) &&
    (like?.some((each) => isLike(each, type)) ?? true)
  );
}

/** `*` stands for any text. */
function isLike(pattern: string, text: string): boolean {
  const escaped = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll("*", ".*");
  return new RegExp(`^${escaped}$`).test(text);
}
