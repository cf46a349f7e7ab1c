import type { Expression } from "./expression.ts";

/** An expression with some of its parts exchanged: `change` gives the new part, or undefined to go on within it. */
export function mapExpression(
  expression: Expression,
  change: (part: Expression) => Expression | undefined,
): Expression {
  const changed = change(expression);
  if (changed) return changed;
  switch (expression.kind) {
    case "object":
      return {
        ...expression,
        entries: expression.entries.map((entry) => ({ ...entry, value: mapExpression(entry.value, change) })),
      };
    case "list":
      return { ...expression, items: expression.items.map((item) => mapExpression(item, change)) };
    case "call":
      return { ...expression, arguments: expression.arguments.map((each) => mapExpression(each, change)) };
    case "parameter":
      return { ...expression, value: mapExpression(expression.value, change) };
    case "literal":
    case "reference":
    case "condition":
    case "faulty":
      return expression;
  }
}
