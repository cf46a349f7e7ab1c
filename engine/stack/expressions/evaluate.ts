import { problem } from "../diagnostics/diagnostic.ts";
import type { Environment } from "./environment.ts";
import type { CallExpression, Expression } from "./expression.ts";
import { truthOf } from "./functions/logic.ts";
import { FUNCTIONS } from "./functions/table.ts";
import { firstUnknown, isUnknown, Unknown, type Value } from "./value.ts";

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
  }
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
