/** A parameter as a template declares it. */
export interface ParameterBody {
  readonly Type: string;
  readonly Default?: unknown;
  readonly Description?: string;
  readonly AllowedValues?: readonly unknown[];
  readonly AllowedPattern?: string;
  readonly ConstraintDescription?: string;
  readonly MinLength?: number;
  readonly MaxLength?: number;
  readonly MinValue?: number;
  readonly MaxValue?: number;
  readonly NoEcho?: boolean;
}

/** A parameter as a variable of Terraform. Errors: a type that looks something up in a cloud. */
export function variableOf(name: string, parameter: ParameterBody) {
  const type = TYPES[parameter.Type];
  if (type === undefined) throw new Error(`the parameter type ${parameter.Type} has no form in Terraform`);
  const isList = type.startsWith("list");
  const given = parameter.Default;
  const checks = CHECKS.flatMap((check) => check(parameter, `var.${name}`) ?? []);
  return {
    type,
    ...(parameter.Description !== undefined && { description: parameter.Description }),
    ...(given !== undefined && { default: isList ? String(given).split(",").map((each) => each.trim()) : given }),
    ...(parameter.NoEcho === true && { sensitive: true }),
    ...(checks.length > 0 && {
      validation: checks.map(({ condition, message }) => ({
        condition: `\${${condition}}`,
        error_message: parameter.ConstraintDescription ?? message,
      })),
    }),
  };
}

const TYPES: Readonly<Record<string, string>> = {
  String: "string",
  Number: "number",
  CommaDelimitedList: "list(string)",
  "List<Number>": "list(number)",
  "List<String>": "list(string)",
};

interface Check {
  readonly condition: string;
  readonly message: string;
}

const limit = (expression: string, value: number | undefined, message: string): Check | undefined =>
  value === undefined ? undefined : { condition: `${expression} ${value}`, message: `${message} ${value}.` };

type Checking = (parameter: ParameterBody, variable: string) => Check | undefined;

const CHECKS: readonly Checking[] = [
  ({ AllowedValues: allowed }, variable) =>
    allowed && {
      condition: `contains(${JSON.stringify(allowed)}, ${variable})`,
      message: `It is one of ${allowed.join(", ")}.`,
    },
  ({ AllowedPattern: pattern }, variable) =>
    pattern === undefined
      ? undefined
      : {
          condition: `can(regex(${JSON.stringify(`^(?:${pattern})$`)}, ${variable}))`,
          message: `It matches ${pattern}.`,
        },
  ({ MinLength: length }, variable) => limit(`length(${variable}) >=`, length, "The least number of characters is"),
  ({ MaxLength: length }, variable) => limit(`length(${variable}) <=`, length, "The greatest number of characters is"),
  ({ MinValue: value }, variable) => limit(`${variable} >=`, value, "The least is"),
  ({ MaxValue: value }, variable) => limit(`${variable} <=`, value, "The greatest is"),
];
