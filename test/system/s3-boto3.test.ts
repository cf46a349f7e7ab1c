import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startCloud } from "../../engine/testing/cloud.ts";
import { isMissing } from "./kit/clients.ts";

const script = join(import.meta.dirname, "boto3/s3-buckets.py");

test.skipIf(isMissing("python3", "-c", "import boto3"))("boto3 sees what buckets do by themselves", async () => {
  const cloud = await startCloud();
  try {
    const { stdout } = await promisify(execFile)("python3", [script, cloud.endpoint]);
    expect(JSON.parse(stdout)).toEqual({
      news: ["ObjectCreated:Put", "a+b.mp4", 4],
      copy: "film",
      replica: "REPLICA",
      sealed: "secret",
      unsealed: ["InvalidRequest", 400],
      kms: "aws:kms",
      selected: ['{"name":"Grace"}\n', "Stats", "End"],
      archived: ["InvalidObjectState", 403],
      restored: "ice",
      page: [200, "text/html", "<h1>"],
      preflight: [200, "https://a.example.com"],
      "no preflight": 403,
      late: [403, true],
      policy: [
        ["AccessDenied", 403],
        ["MalformedPolicy", 400],
        ["AccessControlListNotSupported", 400],
      ],
    });
  } finally {
    await cloud.stop();
  }
});
