import type { FastifyInstance } from "fastify";
import { X509Certificate } from "node:crypto";
import { ServiceError } from "../../services/errors.ts";
import type { Engine } from "../engine.ts";
import { openPluginDoor } from "./plugin-door.ts";
import { providerSchemaJson } from "./provider.ts";
import { openReattachDoor, type ReattachDoor } from "./reattach-door.ts";

export const TERRAFORM_PROVIDER_PATH = "/_cloudstack/terraform-provider";

/**
 * How Terraform gets to the provider in this engine. `GET` tells how to reattach to it, `GET .../schema` is what
 * `terraform providers schema -json` prints of it, and `POST .../plugins` serves one run of the plugin: the answer's
 * first line is the handshake, and its end is the end of that run.
 */
export function registerTerraformProvider(app: FastifyInstance, engine: Engine, ending: AbortSignal): void {
  let reattach: Promise<ReattachDoor> | undefined;
  app.get(TERRAFORM_PROVIDER_PATH, async () => {
    reattach ??= openReattachDoor(engine);
    return (await reattach).providers;
  });
  ending.addEventListener("abort", () => void reattach?.then((door) => door.stop()));

  app.get(`${TERRAFORM_PROVIDER_PATH}/schema`, () => providerSchemaJson(engine));

  app.post<{ Body: { readonly clientCertificate?: string } }>(
    `${TERRAFORM_PROVIDER_PATH}/plugins`,
    async (request, reply) => {
      const clientCertificate = certificateIn(request.body?.clientCertificate ?? "");
      const response = reply.hijack().raw;
      const end = () => response.end();
      const door = await openPluginDoor(engine, clientCertificate, end);
      // The plugin's process is killed, or the engine stops.
      response.once("close", () => {
        ending.removeEventListener("abort", end);
        void door.stop();
      });
      ending.addEventListener("abort", end);
      response.writeHead(200, { "content-type": "text/plain" });
      response.write(`${door.handshake}\n`);
    },
  );
}

function certificateIn(pem: string): string {
  try {
    return new X509Certificate(pem).toString();
  } catch (cause) {
    const message = "clientCertificate is Terraform's own certificate as PEM (PLUGIN_CLIENT_CERT).";
    throw new ServiceError("CertificateInvalid", "invalidInput", message, {}, cause);
  }
}
