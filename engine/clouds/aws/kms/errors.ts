import type { keys } from "../../../services/keys/service.ts";
import type { AwsWireError } from "../binding.ts";
import { kmsArn } from "./model.ts";

export const wireErrors = {
  KeyNotFound: {
    code: "NotFoundException",
    status: 400,
    message({ id }, call) {
      const said = String(id);
      if (said.startsWith("arn:")) return `${said} does not exist`;
      if (said.startsWith("alias/")) return `Alias ${kmsArn(said, call)} is not found.`;
      return `Key '${kmsArn(`key/${said}`, call)}' does not exist`;
    },
  },
} satisfies Record<keyof typeof keys.errors, AwsWireError>;
