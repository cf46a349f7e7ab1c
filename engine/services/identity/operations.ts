import { Type } from "typebox";
import { operation } from "../operation.ts";
import { CallerIdentity } from "./model.ts";

export const operations = {
  getCallerIdentity: operation({
    summary: "Who is calling.",
    input: Type.Object({}),
    output: CallerIdentity,
    effects: "read",
    errors: [],
    run: async (_, __, { account, caller }) => ({ account, principal: caller.principal }),
  }),
  listRoles: operation({
    summary: "The roles of an account. None exist yet, since none can be created.",
    input: Type.Object({}),
    output: Type.Object({ roles: Type.Array(Type.Never()) }),
    effects: "read",
    errors: [],
    run: async () => ({ roles: [] }),
  }),
  listAccountAliases: operation({
    summary: "The other names of an account. None exist yet, since none can be created.",
    input: Type.Object({}),
    output: Type.Object({ aliases: Type.Array(Type.String()) }),
    effects: "read",
    errors: [],
    run: async () => ({ aliases: [] }),
  }),
};
