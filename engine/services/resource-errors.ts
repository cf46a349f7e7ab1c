import { defineErrors } from "./errors.ts";

/** What handlers of resource types refuse that no operation does: a stack's resources are its own. */
export const resourceErrors = defineErrors({
  ResourceExists: {
    kind: "alreadyExists",
    message: (p: { type: string; id: string }) =>
      `${p.type} "${p.id}" exists already; give this one another name, or import that one into the stack.`,
  },
  ResourceNotFound: {
    kind: "notFound",
    message: (p: { type: string; id: string }) => `There is no ${p.type} called "${p.id}".`,
  },
});
