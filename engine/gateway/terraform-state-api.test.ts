import { createHash } from "node:crypto";
import { connect } from "node:net";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../testing/cloud.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud.stop());

/** As Terraform sends it. */
const lock = (id: string) => ({
  ID: id,
  Operation: "OperationTypeApply",
  Info: "",
  Who: "ada@desk",
  Version: "1.11.4",
  Created: "2030-01-01T00:00:00.123456789Z",
  Path: "",
});
const md5 = (text: string) => createHash("md5").update(text).digest("base64");
const addressOf = (name: string) => `${cloud.endpoint}/_cloudstack/terraform/states/${name}`;

/** Sends a request with headers of its own and gives status and text. */
async function send(method: string, url: string, body?: string, headers: Record<string, string> = {}) {
  const answer = await fetch(url, {
    method,
    headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    ...(body !== undefined && { body }),
  });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

describe("Terraform's HTTP backend", () => {
  test("finds no state, writes one and reads the same bytes back, with their MD5", async () => {
    const address = addressOf("shop/production");
    expect((await send("GET", address)).status).toBe(404);
    const state = ' {"serial": 12345678901234567890}\r\n';
    expect((await send("POST", address, state, { "content-md5": md5(state) })).status).toBe(200);
    const read = await send("GET", address);
    expect([read.status, read.text, read.headers.get("content-md5"), read.headers.get("content-type")]).toEqual([
      200,
      state,
      md5(state),
      "application/json",
    ]);
    await send("POST", address, "{}");
    expect((await send("GET", `${address}?version=1`)).text).toBe(state);
    expect((await send("GET", `${address}?version=9`)).status).toBe(404);
    expect((await send("DELETE", address)).status).toBe(200);
    expect((await send("GET", address)).status).toBe(404);
  });

  test("is refused a state whose MD5 is another", async () => {
    const refused = await send("POST", addressOf("damaged"), "{}", { "content-md5": md5("{ }") });
    expect([refused.status, JSON.parse(refused.text).error.code]).toEqual([400, "DigestMismatch"]);
    expect((await send("GET", addressOf("damaged"))).status).toBe(404);
  });

  test("takes a lock; the next one is told who holds it, and only the holder writes", async () => {
    const address = addressOf("locked");
    expect((await send("LOCK", address, JSON.stringify(lock("one")))).status).toBe(200);
    const second = await send("LOCK", address, JSON.stringify(lock("two")));
    expect([second.status, JSON.parse(second.text)]).toEqual([423, lock("one")]);
    expect((await send("POST", address, "{}")).status).toBe(423);
    expect((await send("POST", `${address}?ID=two`, "{}")).status).toBe(423);
    expect((await send("POST", `${address}?ID=one`, "{}")).status).toBe(200);
    expect((await send("UNLOCK", address, JSON.stringify(lock("two")))).status).toBe(423);
    expect((await send("UNLOCK", address, JSON.stringify(lock("one")))).status).toBe(200);
    expect((await send("LOCK", address, JSON.stringify(lock("two")))).status).toBe(200);
  });

  test("breaks a lock with an empty body; its holder can write no more", async () => {
    const address = addressOf("broken");
    await send("LOCK", address, JSON.stringify(lock("one")));
    expect((await send("UNLOCK", address, "")).status).toBe(200);
    const late = await send("POST", `${address}?ID=one`, "{}");
    expect([late.status, JSON.parse(late.text).error.code]).toEqual([409, "LockNotHeld"]);
  });

  test.each([
    ["no body", "", "LockMissing"],
    ["what is not JSON", "{", "LockInvalid"],
    ["a lock without an ID", '{"Who":"ada"}', "LockInvalid"],
  ])("is refused a lock of %s", async (_, body, code) => {
    const refused = await send("LOCK", addressOf("nonsense"), body);
    expect([refused.status, JSON.parse(refused.text).error.code]).toEqual([400, code]);
  });

  test("must name the state, and has one of its own in each account", async () => {
    expect((await send("GET", addressOf(""))).status).toBe(400);
    const authorization = `Basic ${Buffer.from("222222222222:secret").toString("base64")}`;
    await send("POST", addressOf("own"), "{}", { authorization });
    expect((await send("GET", addressOf("own"))).status).toBe(404);
    expect((await send("GET", addressOf("own"), undefined, { authorization })).status).toBe(200);
  });

  test("is refused a state above 256 MiB before it sends it", async () => {
    const socket = connect(Number(new URL(cloud.endpoint).port), "127.0.0.1");
    const { pathname } = new URL(addressOf("huge"));
    socket.write(`POST ${pathname} HTTP/1.1\r\nhost: a\r\ncontent-length: 268435457\r\n\r\n`);
    const [answer] = (await once(socket.setEncoding("utf8"), "data")) as [string];
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
  });
});
