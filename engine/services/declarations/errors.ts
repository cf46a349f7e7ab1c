import { defineErrors } from "../errors.ts";

export const errors = defineErrors({
  DeclarationNotFound: {
    kind: "notFound",
    message: (p: { type: string; id: string }) => `Nothing is declared as ${p.type} under ${p.id}.`,
  },
});
