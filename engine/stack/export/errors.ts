import { defineErrors } from "../../services/errors.ts";

export const errors = defineErrors({
  NoSuchStack: { kind: "notFound", message: ({ stack }: { stack: string }) => `There is no stack "${stack}".` },
  /** `reasons`: whole sentences, one a resource. */
  NotExportable: {
    kind: "failedPrecondition",
    message: ({ stack, language, reasons }: { stack: string; language: string; reasons: readonly string[] }) =>
      [`${stack} cannot be written as ${language}:`, ...reasons].join("\n  "),
  },
});
