import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../../engine/testing/cloud.ts";
import { awsEnvironment, isMissing } from "./kit/clients.ts";

const run = promisify(execFile);

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startCloud();
});
afterEach(() => cloud.stop());

describe("buckets and objects", () => {
  test.skipIf(isMissing("aws", "--version"))("the AWS CLI", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cloudstacks-s3-"));
    const aws = async (...args: string[]) =>
      (await run("aws", args, { cwd: folder, env: awsEnvironment(cloud.endpoint) })).stdout;
    try {
      mkdirSync(join(folder, "site/deep"), { recursive: true });
      writeFileSync(join(folder, "site/index.html"), "<h1>");
      writeFileSync(join(folder, "site/deep/large"), Buffer.alloc(20 * 1024 ** 2, "x"));
      await aws("s3", "mb", "s3://site");
      await aws("s3", "sync", "site", "s3://site");
      expect(
        (await aws("s3", "ls", "s3://site"))
          .replaceAll(/[\d-]+ [\d:]+ +/g, "")
          .trim()
          .split(/\n\s*/),
      ).toEqual(["PRE deep/", "4 index.html"]);
      await aws("s3", "mv", "s3://site/index.html", "s3://site/start.html");
      await aws("s3", "cp", "s3://site", "back", "--recursive");
      expect(readdirSync(join(folder, "back")).sort()).toEqual(["deep", "start.html"]);
      expect(readFileSync(join(folder, "back/deep/large")).equals(Buffer.alloc(20 * 1024 ** 2, "x"))).toBe(true);
      expect(JSON.parse(await aws("s3api", "head-object", "--bucket", "site", "--key", "start.html"))).toMatchObject({
        ContentLength: 4,
        ContentType: "text/html",
      });
      await expect(aws("s3", "rb", "s3://site")).rejects.toThrow("BucketNotEmpty");
      await aws("s3", "rb", "s3://site", "--force");
      expect(await aws("s3", "ls")).toBe("");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
