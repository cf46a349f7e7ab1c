import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { startCloud } from "../../engine/testing/cloud.ts";
import { awsEnvironment, isMissing } from "./kit/clients.ts";

const run = promisify(execFile);

describe.skipIf(isMissing("python3", "-c", "import boto3"))("boto3", () => {
  test("reads streams, runs statements, copies tables and shares them with another region", async () => {
    const cloud = await startCloud();
    onTestFinished(() => cloud.stop());
    const { stdout } = await run("python3", [join(import.meta.dirname, "boto3/dynamodb-around.py")], {
      env: awsEnvironment(cloud.endpoint),
    });
    expect(JSON.parse(stdout)).toEqual({
      selected: [{ n: { N: "5" } }],
      batch: ["DuplicateItem", null],
      changes: [
        ["INSERT", "a", "1"],
        ["MODIFY", "a", "5"],
        ["INSERT", "b", null],
        ["REMOVE", "b", null],
      ],
      counted: "6",
      restored: [{ id: { S: "a" }, n: { N: "6" } }],
      away: 1,
      recovery: "ENABLED",
      expiry: { TimeToLiveStatus: "ENABLED", AttributeName: "expires" },
      failures: [
        "ValidationException",
        "PointInTimeRecoveryUnavailableException",
        "PolicyNotFoundException",
        "BackupNotFoundException",
      ],
    });
  });
});
