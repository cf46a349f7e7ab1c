import type { Reader, Transaction } from "../../kernel/store.ts";
import { declarations } from "../../services/declarations/service.ts";
import type { OperationContext } from "../../services/context.ts";
import type { ResourceHandlers } from "../../services/resource-type.ts";
import { ifThere } from "./wire-calls.ts";

const { putDeclaration, getDeclaration, listDeclarations, deleteDeclaration } = declarations.operations;
type Context = OperationContext<never>;

/** The records of a type whose resources are no things of their own, by id. */
export function declared<Properties extends object>(type: string) {
  return {
    async put(tx: Transaction, id: string, properties: Properties, ctx: Context): Promise<void> {
      await putDeclaration.run(tx, { type, id, properties: properties as Record<string, unknown> }, ctx);
    },
    async get(tx: Reader, id: string, ctx: Context): Promise<Properties | undefined> {
      const found = await ifThere(getDeclaration.run(tx, { type, id }, ctx));
      return found?.properties as Properties | undefined;
    },
    async remove(tx: Transaction, id: string, ctx: Context): Promise<void> {
      await deleteDeclaration.run(tx, { type, id }, ctx);
    },
    list: (async (tx, ctx, page) =>
      (await listDeclarations.run(tx, { type, ...page }, ctx)).ids) satisfies ResourceHandlers<
      unknown,
      unknown,
      never
    >["list"],
  };
}
