#!/usr/bin/env node
// The provider that plain `terraform` starts: it asks a running CloudStacks engine to serve this run, passes on the
// handshake, and lives as long as the run. Terraform's lock files hold the hash of these bytes: they never change
// within a version. Neither module system may be assumed where it is installed, hence no import statement.
"use strict";

const COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
const DEFAULT_ENDPOINT = "http://127.0.0.1:4566";
const { TF_PLUGIN_MAGIC_COOKIE, PLUGIN_CLIENT_CERT, CLOUDSTACKS_ENDPOINT } = process.env;

/** Terraform shows what stands on standard output instead of a handshake. */
function fail(message) {
  process.stdout.write(`${message}\n`, () => process.exit(1));
}

/** The engine of the nearest `.cloudstacks`, from the working directory up. */
async function endpointNearby() {
  const { existsSync, readFileSync } = await import("node:fs");
  const { dirname, join } = await import("node:path");
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const file = join(folder, ".cloudstacks", "owner.json");
    if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")).endpoint;
    if (folder === dirname(folder)) return undefined;
  }
}

async function serve() {
  const endpoint = CLOUDSTACKS_ENDPOINT ?? (await endpointNearby()) ?? DEFAULT_ENDPOINT;
  const absent = `CloudStacks: no engine answers at ${endpoint}. Start one with: cloudstack start`;
  const { request } = await import("node:http");
  const asking = request(new URL("/_cloudstack/terraform-provider/plugins", endpoint), {
    method: "POST",
    headers: { "content-type": "application/json" },
  });
  asking.once("error", (problem) => fail(`${absent} (${problem.message})`));
  asking.once("response", (response) => {
    if (response.statusCode !== 200) {
      fail(`CloudStacks: the engine at ${endpoint} does not serve Terraform (status ${response.statusCode}).`);
      return;
    }
    response.pipe(process.stdout, { end: false });
    response.once("close", () => process.exit(0));
  });
  asking.end(JSON.stringify({ clientCertificate: PLUGIN_CLIENT_CERT }));
}

// Terraform tells the provider of an interrupt itself, while the terminal sends it to every process.
process.on("SIGINT", () => undefined);
if (TF_PLUGIN_MAGIC_COOKIE === COOKIE && PLUGIN_CLIENT_CERT !== undefined) {
  serve().catch((problem) => fail(`CloudStacks: ${problem.message}`));
} else {
  process.stderr.write("This is a provider for Terraform, which starts it by itself.\n");
  process.exitCode = 1;
}
