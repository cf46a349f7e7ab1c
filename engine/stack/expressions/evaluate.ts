import { problem, type Problem } from "../diagnostics/diagnostic.ts";
import type { Environment } from "./environment.ts";
import { constrained } from "../parameters/parameter-values.ts";
import type { CallExpression, Expression, ParameterExpression } from "./expression.ts";
import { truthOf } from "./functions/logic.ts";
import { textOf } from "./functions/row.ts";
import { FUNCTIONS } from "./functions/table.ts";
import { firstUnknown, isList, isUnknown, Unknown, type Value } from "./value.ts";

/** The value of an expression as far as it is known; `undefined` when it is `AWS::NoValue`. */
export function evaluate(expression: Expression, environment: Environment): Value | undefined {
  switch (expression.kind) {
    case "faulty":
      return new Unknown("an expression with an error");
    case "literal":
      return expression.value;
    case "list":
      return expression.items.map((item) => evaluate(item, environment)).filter((item) => item !== undefined);
    case "object": {
      const values: Record<string, Value> = {};
      for (const { key, value } of expression.entries) {
        const found = evaluate(value, environment);
        if (found !== undefined) values[key] = found;
      }
      return values;
    }
    case "condition":
      return environment.condition(expression.name);
    case "reference":
      return expression.attribute === undefined
        ? environment.reference(expression.name)
        : environment.attribute(expression.name, expression.attribute);
    case "call":
      return evaluateCall(expression, environment);
    case "parameter":
      return evaluateParameter(expression, environment);
  }
}

/** Given as a text or a list, taken as the type says, and held to the constraints as soon as it is known. */
function evaluateParameter({ declaration, value }: ParameterExpression, environment: Environment) {
  const given = evaluate(value, environment);
  if (given === undefined || firstUnknown(given)) return given;
  const text = isList(given) ? given.map(textOf).join(",") : textOf(given);
  if (text !== undefined) {
    const problems: Problem[] = [];
    const taken = constrained(declaration, text, problems);
    for (const each of problems) environment.report({ ...each, span: value.span });
    return problems.length === 0 ? taken : new Unknown("an expression with an error");
  }
  const message = `parameter ${declaration.name} takes a text or a list of texts`;
  environment.report(problem("CS1302", message, value.span));
  return new Unknown("an expression with an error");
}

function evaluateCall(call: CallExpression, environment: Environment): Value | undefined {
  const row = FUNCTIONS[call.function];
  if (!row) return undefined;
  if (call.function === "Fn::If") return evaluateIf(call, environment);
  const args = call.arguments.map((argument) => evaluate(argument, environment));
  if (!row.takesUnknown) {
    for (const arg of args) {
      const unknown = firstUnknown(arg);
      if (unknown) return unknown;
    }
  }
  return row.run(args, { environment, span: call.span });
}

function evaluateIf(call: CallExpression, environment: Environment): Value | undefined {
  const [condition, whenTrue, whenFalse] = call.arguments as readonly [Expression, Expression, Expression];
  const value = evaluate(condition, environment);
  if (isUnknown(value)) return value;
  const truth = truthOf(value);
  if (truth === undefined) {
    environment.report(problem("CS1102", "Fn::If takes the name of a condition first", call.span));
    return undefined;
  }
  return evaluate(truth ? whenTrue : whenFalse, environment);
}
