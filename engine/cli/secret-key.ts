import { SECRET_KEY_VARIABLE } from "../gateway/client-environment.ts";
import { Failure } from "./failure.ts";
import { healthOf } from "./remote.ts";

/**
 * Tools are not pointed at a server with the usual secret key when it would refuse each of their requests.
 * Errors: `Failure` when the server checks signatures and the user has named no secret key
 */
export async function requireSecretKey(endpoint: string, secretKey: string | undefined): Promise<void> {
  if (secretKey !== undefined) return;
  const { checksSignatures } = await healthOf(endpoint);
  if (!checksSignatures) return;
  throw new Failure(`The server at ${endpoint} checks signatures, and only who started it knows the secret key.`, [
    `Put it into the environment: ${SECRET_KEY_VARIABLE}=SECRET`,
  ]);
}
