import { createHash } from "node:crypto";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createPluginCertificate } from "../../engine/gateway/certificates.ts";
import { VERSION } from "../../engine/platform/version.ts";
import { cloudstack, emptyFolder, ROOT, startServer } from "./kit/cloudstack.ts";
import { isTerraformMissing, workspace } from "./kit/provider.ts";

const SHIM = join(ROOT, "terraform-provider-shim/terraform-provider-cloudstacks.mjs");
/** Terraform's hash of a package of one file. */
const h1 = (text: Buffer) => {
  const sha256 = (content: string | Buffer) => createHash("sha256").update(content);
  const lines = `${sha256(text).digest("hex")}  terraform-provider-cloudstacks_v${VERSION}\n`;
  return `h1:${sha256(lines).digest("base64")}`;
};
/** Lock files of users hold it: other bytes need another version. */
const H1_OF_VERSION = "h1:XI/7Sb268Lkk+3zmRp60N5RXAx+fh16dgdHxZ4acSn4=";

const QUEUES = `variable "wait" { default = 30 }
resource "cloudstacks_queue" "jobs" {
  count              = 40
  name               = "jobs-\${count.index}"
  visibility_timeout = var.wait
}`;

/** A server of the program, and a home folder where the provider is installed. */
async function installed() {
  const [folder, home] = [emptyFolder(), emptyFolder()];
  onTestFinished(() => [folder, home].forEach((each) => each.remove()));
  await cloudstack(["terraform", "install"], folder.path, { HOME: home.path });
  const serve = async (...args: string[]) => {
    const server = await startServer(folder.path, args);
    onTestFinished(async () => void (await server.end("SIGKILL")));
    return server;
  };
  return { home: home.path, serve };
}

function workspaceAt(home: string, endpoint: string, configuration: string) {
  const terraform = workspace({ HOME: home, CLOUDSTACKS_ENDPOINT: endpoint }, configuration);
  onTestFinished(() => terraform.remove());
  return terraform;
}

test("the plugin's bytes are those of its version", () => {
  expect(h1(readFileSync(SHIM))).toBe(H1_OF_VERSION);
});

describe.skipIf(isTerraformMissing)("plain Terraform, with the provider installed", () => {
  test("finds it with no configuration, and applies, changes and destroys in a running engine", async () => {
    const { home, serve } = await installed();
    const server = await serve();
    const terraform = workspaceAt(home, server.endpoint, QUEUES);
    await terraform.must("init", "-no-color");
    expect(readFileSync(join(terraform.path, ".terraform.lock.hcl"), "utf8")).toContain(H1_OF_VERSION);
    await terraform.settle();
    await terraform.settle("-var=wait=31");
    await terraform.must("destroy", "-no-color", "-auto-approve");
  });

  test("says that no engine runs, and how to start one", async () => {
    const { home } = await installed();
    const terraform = workspaceAt(home, "http://127.0.0.1:1", QUEUES);
    const { code, text } = await terraform.run("init", "-no-color").then(() => terraform.run("plan", "-no-color"));
    expect(code).toBe(1);
    expect(text.replaceAll(/\s+/g, " ")).toContain(
      "CloudStacks: no engine answers at http://127.0.0.1:1. Start one with: cloudstack start",
    );
  });

  test("goes on where an engine was that was killed in the middle", async () => {
    const { home, serve } = await installed();
    const first = await serve();
    const terraform = workspaceAt(home, first.endpoint, QUEUES);
    await terraform.must("init", "-no-color");
    const running = terraform.begin("apply", "-no-color", "-auto-approve", "-parallelism=4");
    const ended = new Promise((resolve) => running.once("close", resolve));
    await new Promise<void>((resolve) => {
      let printed = "";
      running.stdout?.on("data", (text: Buffer) => {
        printed += text.toString();
        if (printed.split("Creation complete").length > 5) resolve();
      });
    });
    await first.end("SIGKILL");
    expect(await ended).toBe(1);

    await serve("--port", new URL(first.endpoint).port);
    await terraform.settle();
    expect((await terraform.must("state", "list")).trim().split("\n")).toHaveLength(40);
  });
});

test("a plugin outlives an interrupt of the terminal's, and ends with its engine", async () => {
  const { serve } = await installed();
  const server = await serve();
  const plugin = spawn(process.execPath, [SHIM], {
    env: {
      ...process.env,
      CLOUDSTACKS_ENDPOINT: server.endpoint,
      TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
      PLUGIN_CLIENT_CERT: createPluginCertificate(Date.now(), "4711").certificate,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => plugin.once("close", resolve));
  const handshake = await new Promise<string>((resolve) =>
    plugin.stdout.once("data", (text: Buffer) => resolve(text.toString())),
  );
  expect(handshake).toMatch(/^1[|]6[|]unix[|]\/[^|]{1,106}[|]grpc[|][A-Za-z0-9+/]{400,}\n$/);
  plugin.kill("SIGINT");
  expect(plugin.exitCode).toBeNull();
  await server.end("SIGTERM");
  expect(await ended).toBe(0);
});
