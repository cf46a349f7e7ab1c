import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { refusal, s3World } from "../../../testing/s3-world.ts";

const world = s3World();
const SCOPE = "111111111111/20300115/us-east-1/s3/aws4_request";
const stamp = (ms: number) => new Date(ms).toISOString().replaceAll(/[-:]|\.\d{3}/g, "");

async function objectAt(): Promise<string> {
  const Bucket = await world.newBucket();
  await world.put(Bucket, "a", "1");
  return `/${Bucket}/a`;
}
const v4 = (path: string, expires: string, atMs = world.clock.nowMs()) =>
  world.anonymous(
    "GET",
    `${path}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(SCOPE)}&X-Amz-Date=${stamp(atMs)}`
      + `&X-Amz-Expires=${expires}&X-Amz-SignedHeaders=host&X-Amz-Signature=${"0".repeat(64)}`,
  );
const v2 = (path: string, expires: string) => {
  const signature = createHmac("sha1", "secret").update(`GET\n\n\n${expires}\n${path}`).digest("base64");
  const query = new URLSearchParams({ AWSAccessKeyId: "111111111111", Expires: expires, Signature: signature });
  return world.anonymous("GET", `${path}?${query.toString()}`);
};

describe("a presigned address", () => {
  test("is good until its time is over", async () => {
    const path = await objectAt();
    const atMs = world.clock.nowMs();
    expect(await (await v4(path, "60", atMs)).text()).toBe("1");
    world.clock.advanceSeconds(59);
    expect((await v4(path, "60", atMs)).status).toBe(200);
    world.clock.advanceSeconds(1);
    const over = await v4(path, "60", atMs);
    const body = await over.text();
    expect(over.status).toBe(403);
    expect(body).toContain("<Code>AccessDenied</Code><Message>Request has expired</Message>");
    expect(body).toContain("<X-Amz-Expires>60</X-Amz-Expires>");
  });
  test("is good for a week at most", async () => {
    const path = await objectAt();
    expect((await v4(path, "604800")).status).toBe(200);
    expect(await refusal(v4(path, "604801"))).toEqual(["AuthorizationQueryParametersError", 400]);
    expect(await refusal(v4(path, "-1"))).toEqual(["AuthorizationQueryParametersError", 400]);
    expect(await refusal(v4(path, "soon"))).toEqual(["AuthorizationQueryParametersError", 400]);
  });
  test("of a later day is not good yet", async () => {
    const path = await objectAt();
    expect(await refusal(v4(path, "60", world.clock.nowMs() + 3_600_000))).toEqual(["AccessDenied", 403]);
  });
  test("of the old kind ends at its second", async () => {
    const path = await objectAt();
    const seconds = Math.floor(world.clock.nowMs() / 1000);
    expect((await v2(path, String(seconds + 10))).status).toBe(200);
    expect(await refusal(v2(path, String(seconds)))).toEqual(["AccessDenied", 403]);
    expect(await refusal(v2(path, "tomorrow"))).toEqual(["AccessDenied", 403]);
  });
});
