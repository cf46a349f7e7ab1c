import type { Plan } from "../../stack/plan/plan.ts";
import type { DeployResult } from "../../stack/requests.ts";
import type { Colors } from "../output.ts";
import { outputsText } from "./outputs.ts";
import { placeOf, remainingText } from "./progress.ts";

/** How a deployment ended: the answer first, then why, then what to do. */
export function resultText(colors: Colors, made: Plan, result: DeployResult): string {
  const { cause } = result;
  const because = cause
    ? `Cause: ${[cause.logicalId, cause.code].filter(Boolean).join(", ")}: ${cause.message}` +
      placeOf(made, cause.logicalId)
    : "";
  const outputs = outputsText(result.outputs ?? {});
  const details = `  Details: cloudstack events ${made.stack} --deployment ${result.deploymentId}`;
  switch (result.status) {
    case "unchanged":
      return [`${made.stack}: nothing to do`, ...outputs].join("\n");
    case "deployed":
      if (made.kind === "destroy") return `${colors.green("destroyed")} ${made.stack}`;
      return [`${colors.green("deployed")} ${made.stack} (serial ${result.serial})`, ...outputs].join("\n");
    case "rolled-back":
      return [`${made.stack} is as it was (serial ${made.serial}).`, because, details].join("\n");
    case "rollback-failed": {
      const remaining = (result.remaining ?? []).map(remainingText);
      const next = `  What to do: mend what is in the way, then cloudstack continue-rollback ${made.stack}`;
      return [`${colors.red("rollback failed")}: ${because}`, ...remaining, next, details].join("\n");
    }
    case "kept": {
      const next = `  What to do: mend it and deploy again, or cloudstack rollback ${made.stack}`;
      return [`${colors.red("failed")}: ${made.stack} keeps what was done.`, because, next, details].join("\n");
    }
    case "refused":
      return "nothing was changed";
  }
}
