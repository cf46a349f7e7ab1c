import { Type } from "typebox";
import { operation } from "../operation.ts";
import { errors } from "./errors.ts";
import { KEPT_FOR, KeptFor, serviceKey, ServiceKey } from "./model.ts";

export const operations = {
  // oxlint-disable require-await -- operations are asynchronous
  getKey: operation({
    summary: "Shows a key by its id, or the one that is kept for a service.",
    input: Type.Union([Type.Object({ id: Type.String() }), Type.Object({ keptFor: KeptFor })]),
    output: ServiceKey,
    effects: "read",
    errors: ["KeyNotFound"],
    async run(_, wanted, ctx) {
      if ("keptFor" in wanted) return serviceKey(wanted.keptFor, ctx);
      const found = KEPT_FOR.map((keptFor) => serviceKey(keptFor, ctx)).find((key) => key.id === wanted.id);
      if (!found) throw errors.KeyNotFound({ id: wanted.id });
      return found;
    },
  }),
  listKeys: operation({
    summary: "Lists the keys of an account in a region. None can be made yet, so they are those kept for services.",
    input: Type.Object({}),
    output: Type.Object({ found: Type.Array(ServiceKey) }),
    effects: "read",
    errors: [],
    run: async (_, __, ctx) => ({ found: KEPT_FOR.map((keptFor) => serviceKey(keptFor, ctx)) }),
  }),
  // oxlint-enable require-await
};
