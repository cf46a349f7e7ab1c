import type { Environment } from "../expressions/environment.ts";
import { evaluate } from "../expressions/evaluate.ts";
import { parts, type CallExpression, type Expression } from "../expressions/expression.ts";
import { truthOf } from "../expressions/functions/logic.ts";
import { textOf } from "../expressions/functions/row.ts";
import { equalValues, type Value } from "../expressions/value.ts";
import { isConstant, literalOf, textLiteral, textOfExpressions } from "./literal.ts";

/** What a declaration is reduced with. */
export interface Reduction {
  /** Everything is known in it: parameters, conditions, and resources as they are recorded. */
  readonly known: Environment;
  /** The same under the names that the export has. */
  readonly exported: Environment;
  /** What stands in its place: for a resource or parameter that the export has, the reference to it. */
  reference(name: string, attribute: string | undefined): Expression | undefined;
  /** Whether a value that is made of this part must not be written. */
  isSecret(part: Expression): boolean;
  /** What stands where a secret would be written. */
  placeholder(secret: Value): Expression;
  /** Functions that look up what is not in the export, and are left to whoever reads it. */
  readonly kept: ReadonlySet<string>;
  /** Those that whoever reads it has; undefined for all. */
  readonly functions?: ReadonlySet<string> | undefined;
}

/**
 * What is left of an expression once everything is worked out that is not a resource or a parameter; undefined for
 * `AWS::NoValue`. Evaluated in `known` it gives what the expression gave.
 */
export function residual(expression: Expression, by: Reduction): Expression | undefined {
  switch (expression.kind) {
    case "literal":
      return expression;
    case "list": {
      const items = expression.items.map((item) => residual(item, by)).filter((item) => item !== undefined);
      return { ...expression, items };
    }
    case "object": {
      const entries = expression.entries.flatMap((entry) => {
        const value = residual(entry.value, by);
        return value === undefined ? [] : [{ ...entry, value }];
      });
      return { ...expression, entries };
    }
    case "reference":
      return by.reference(expression.name, expression.attribute) ?? constant(expression, by);
    case "call":
      return residualCall(expression, by);
    case "parameter": {
      // A nested template's parameter takes its value as its type says, which may make another one of it.
      const value = residual(expression.value, by);
      const isSame = value && equalValues(evaluate(expression, by.known), evaluate(value, by.exported));
      return isSame ? value : constant(expression, by);
    }
    case "condition":
    case "faulty":
      return constant(expression, by);
  }
}

/** Worked out; a secret is not written. */
function constant(expression: Expression, by: Reduction): Expression | undefined {
  const value = evaluate(expression, by.known);
  if (value === undefined) return undefined;
  for (const part of parts(expression)) if (by.isSecret(part)) return by.placeholder(value);
  return literalOf(value);
}

function residualCall(call: CallExpression, by: Reduction): Expression | undefined {
  if (call.function === "Fn::If") {
    const [condition, whenTrue, whenFalse] = call.arguments as readonly [Expression, Expression, Expression];
    return residual(truthOf(evaluate(condition, by.known)) ? whenTrue : whenFalse, by);
  }
  const isKept = by.kept.has(call.function);
  const given = call.arguments.map((argument) => residual(argument, by));
  const args = given.filter((each) => each !== undefined);
  // Where something is left out, or what it looks up is not in the export, only the value says what is meant.
  if (args.length < given.length || call.function === "Fn::FindInMap") return constant(call, by);
  if (!isKept && args.every(isConstant)) return constant(call, by);
  if (call.function === "Fn::Sub") return textOfExpressions(args);
  const simple = simplified({ ...call, arguments: args });
  if (simple) return simple;
  return by.functions?.has(call.function) === false ? constant(call, by) : { ...call, arguments: args };
}

/** A join or a selection whose list is written out needs no function. */
function simplified({ function: name, arguments: [first, second] }: CallExpression): Expression | undefined {
  if (first?.kind !== "literal" || second?.kind !== "list") return undefined;
  const text = textOf(first.value as Value) ?? "";
  if (name === "Fn::Select") return second.items[Number(text)];
  if (name !== "Fn::Join") return undefined;
  return textOfExpressions(
    second.items.flatMap((item, index) => (index === 0 || text === "" ? [item] : [textLiteral(text), item])),
  );
}
