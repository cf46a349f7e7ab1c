import { defineErrors } from "../errors.ts";

export const errors = defineErrors({
  KeyNotFound: { kind: "notFound", message: (p: { id: string }) => `The key ${p.id} does not exist.` },
});
