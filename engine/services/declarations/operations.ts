import { Type } from "typebox";
import { operation } from "../operation.ts";
import { errors } from "./errors.ts";
import { declarationRecords, PAGE_MAX } from "./model.ts";

const reference = {
  type: Type.String({ minLength: 1, description: "The resource type, e.g. `AWS::SQS::QueuePolicy`." }),
  id: Type.String({ minLength: 1 }),
};
const Declaration = Type.Object({
  version: Type.Literal(1),
  ...reference,
  properties: Type.Record(Type.String(), Type.Unknown()),
});

export const operations = {
  putDeclaration: operation({
    summary: "Keeps what was declared, in place of what was declared under the same type and id before.",
    input: Type.Object({ ...reference, properties: Type.Record(Type.String(), Type.Unknown()) }),
    output: Declaration,
    effects: "write",
    errors: [],
    async run(tx, { type, id, properties }, ctx) {
      const declaration = { version: 1 as const, type, id, properties };
      declarationRecords.put(tx, declaration, ctx.account, ctx.region, type, id);
      return declaration;
    },
  }),
  getDeclaration: operation({
    summary: "What was declared under a type and an id.",
    input: Type.Object(reference),
    output: Declaration,
    effects: "read",
    errors: ["DeclarationNotFound"],
    async run(tx, { type, id }, ctx) {
      const found = await declarationRecords.get(tx, ctx.account, ctx.region, type, id);
      if (!found) throw errors.DeclarationNotFound({ type, id });
      return found;
    },
  }),
  listDeclarations: operation({
    summary: "The ids declared under a type, in order.",
    input: Type.Object({
      type: reference.type,
      after: Type.Optional(Type.String()),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_MAX })),
    }),
    output: Type.Object({ ids: Type.Array(Type.String()) }),
    effects: "read",
    errors: [],
    async run(tx, { type, after, limit = PAGE_MAX }, ctx) {
      const page = { ...(after !== undefined && { after }), limit };
      const found = await declarationRecords.page(tx, [ctx.account, ctx.region, type], page);
      return { ids: found.map(({ id }) => id) };
    },
  }),
  deleteDeclaration: operation({
    summary: "Forgets what was declared; succeeds when nothing was.",
    input: Type.Object(reference),
    output: Type.Object({}),
    effects: "write",
    errors: [],
    async run(tx, { type, id }, ctx) {
      declarationRecords.remove(tx, ctx.account, ctx.region, type, id);
      return {};
    },
  }),
};
