import { describe, expect, test } from "vitest";
import type { AwsService } from "../clouds/aws/binding.ts";
import { loadAwsModel } from "../protocols/aws/load-model.ts";

type Input = object | (() => object | Promise<object>);
/** An error (by the name of its shape), who answers with it, and to what. */
export type Provocation = readonly [error: string, operation: string, input: Input];

export interface ErrorSweep {
  readonly service: AwsService;
  readonly call: (operation: string, input: object) => Promise<unknown>;
  readonly provoked: readonly Provocation[];
  /** Why no call here meets an error: of any operation that does not provoke it (`Error`), or of one (`Call Error`). */
  readonly never: Readonly<Record<string, string>>;
}

const pairOf = (operation: string, error: string): string => `${operation} ${error}`;

/** Each error that the model declares for an operation that is bound, by all the names it goes by on the wire. */
function declaredPairs({ model: id, bound }: AwsService): Map<string, readonly string[]> {
  const pairs = new Map<string, readonly string[]>();
  for (const { name, errors } of loadAwsModel(id)?.operations.values() ?? []) {
    if (!bound.some(({ rows }) => Object.hasOwn(rows, name))) continue;
    for (const shape of errors)
      pairs.set(pairOf(name, shape.name), [shape.name, shape.error?.code ?? shape.name, shape.error?.queryCode ?? ""]);
  }
  return pairs;
}

/**
 * Holds a service against its model: each error that the model declares for an operation is either provoked by a client
 * or stands in `never` with its reason; and `never` names nothing that is provoked or that the model does not know.
 */
export function sweepDeclaredErrors({ service, call, provoked, never }: ErrorSweep): void {
  const declared = declaredPairs(service);
  describe("the errors that the model declares", () => {
    test.each(provoked)("%s is what %s answers", async (error, operation, input) => {
      const names = declared.get(pairOf(operation, error));
      expect(names).toBeDefined();
      const refused = call(operation, typeof input === "function" ? await input() : input).then(
        (answer) => ({ answer }),
        (problem: { name: string; code?: string }) => problem.code ?? problem.name,
      );
      expect(names).toContain(await refused);
    });

    test("are each provoked, or have a reason why they are not", () => {
      const left = new Set(declared.keys());
      for (const [error, operation] of provoked) left.delete(pairOf(operation, error));
      const unused = new Set(Object.keys(never));
      const unexplained: string[] = [];
      for (const pair of left) {
        const reason = [pair, pair.split(" ")[1] as string].find((key) => Object.hasOwn(never, key));
        if (reason === undefined) unexplained.push(pair);
        else unused.delete(reason);
      }
      expect({ unexplained, unused: [...unused] }).toEqual({ unexplained: [], unused: [] });
    });
  });
}
