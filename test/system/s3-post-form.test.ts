import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startCloud } from "../../engine/testing/cloud.ts";
import { isMissing } from "./kit/clients.ts";

const script = join(import.meta.dirname, "boto3/s3-post-form.py");

test.skipIf(isMissing("python3", "-c", "import boto3"))("forms that boto3 signs upload what they allow", async () => {
  const cloud = await startCloud();
  try {
    const { stdout } = await promisify(execFile)("python3", [script, cloud.endpoint]);
    expect(JSON.parse(stdout)).toEqual({
      "v4": [201, "in/photo.txt", '"5d41402abc4b2a76b9719d911017c592"'],
      "v4 stored": [5, "text/plain", { color: "red" }],
      "v2": [204, "", '"5d41402abc4b2a76b9719d911017c592"'],
      "large": [204, "", '"57b019a28c426df5727b3992701bd2be"'],
      "large stored": [8_388_608, "binary/octet-stream", {}],
      "too large": [400, "EntityTooLarge"],
      "too small": [400, "EntityTooSmall"],
      "another key": [403, "AccessDenied"],
      "expired": [403, "AccessDenied"],
      "no bucket": [404, "NoSuchBucket"],
      "keys": ["in/photo.txt", "large", "second"],
    });
  } finally {
    await cloud.stop();
  }
});
