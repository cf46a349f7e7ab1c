import { createHash, scrypt } from "node:crypto";
import type { Scope } from "../../services/context.ts";
import { canonicalJson } from "../expressions/value.ts";
import type { PlannedSecrets } from "../plan/plan.ts";
import type { Template } from "../template/template.ts";

const PROOF_BYTES = 16;

/**
 * What a plan keeps of its secrets: nothing they can be read from, but enough to tell whether those given again are
 * the same. Slow to work out (scrypt), so that a short password is not simply tried; salted by the stack rather than at
 * random, so that the same inputs give the same plan.
 */
export async function plannedSecrets(
  scope: Scope,
  stack: string,
  template: Template | undefined,
  given: Readonly<Record<string, string>>,
): Promise<PlannedSecrets | undefined> {
  const names = Object.keys(given).filter((name) => template?.parameters.get(name)?.isSecret);
  if (names.length === 0) return undefined;
  const values = canonicalJson(Object.fromEntries(names.map((name) => [name, given[name]])));
  const place = JSON.stringify(["plan secrets", scope.account, scope.region, stack]);
  const salt = createHash("sha256").update(place).digest();
  const proof = await new Promise<Buffer>((resolve, reject) => {
    scrypt(values, salt, PROOF_BYTES, (error, found) => (error ? reject(error) : resolve(found)));
  });
  return { names, proof: proof.toString("hex") };
}
