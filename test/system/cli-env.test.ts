import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cloudstack, startServer } from "./kit/cloudstack.ts";
import { ownFolder } from "./kit/own-folder.ts";

const { folder } = ownFolder();

/** What a shell has in a variable after `eval "$(cloudstack env)"`. */
const evaluated = (exports: string, name: string) =>
  execFileSync("sh", ["-c", `eval "$1"; printf %s "$${name}"`, "sh", exports], { encoding: "utf8" });

test("a shell takes the variables whole, wherever the folder is and whatever the secret key is", async () => {
  const place = join(folder.path, "it's my folder");
  mkdirSync(place);
  const server = await startServer(place, ["--secret-key", "a b$c'd"]);
  const { out } = await cloudstack(["env", "--secret-key", "a b$c'd"], place);
  expect(await server.end("SIGTERM")).toBe(0);
  expect(evaluated(out, "AWS_CA_BUNDLE")).toBe(join(place, ".cloudstacks/tls/ca.pem"));
  expect(evaluated(out, "AWS_SECRET_ACCESS_KEY")).toBe("a b$c'd");
});

test("a server that checks signatures is not told of with a secret key that it refuses", async () => {
  const server = await startServer(folder.path, [], { CLOUDSTACKS_SECRET_KEY: "grain" });
  const without = await cloudstack(["env"], folder.path);
  writeFileSync(join(folder.path, "terraform"), "#!/bin/sh\necho it ran\n", { mode: 0o755 });
  const terraform = await cloudstack(["terraform", "plan"], folder.path, { PATH: folder.path });
  const withKey = await cloudstack(["env"], folder.path, { CLOUDSTACKS_SECRET_KEY: "grain" });
  expect(await server.end("SIGTERM")).toBe(0);
  expect(without).toEqual({
    code: 1,
    out: "",
    err:
      `error: The server at ${server.endpoint} checks signatures, and only who started it knows the secret key.\n` +
      "  Put it into the environment: CLOUDSTACKS_SECRET_KEY=SECRET\n",
  });
  expect(terraform).toEqual(without);
  expect(withKey.out).toContain("export AWS_SECRET_ACCESS_KEY=grain\n");
});
