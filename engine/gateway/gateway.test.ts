import { once } from "node:events";
import { connect } from "node:net";
import { get as httpsGet } from "node:https";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../testing/cloud.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud.stop());

const portOf = (endpoint: string) => Number(new URL(endpoint).port);

/** Sends raw bytes and returns all that comes back until the server closes. */
async function exchange(port: number, bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.setEncoding("utf8").on("data", (text: string) => (answer += text));
  socket.end(bytes);
  await once(socket, "close");
  return answer;
}

describe("the port", () => {
  test("answers HTTP and TLS side by side", async () => {
    expect((await fetch(`${cloud.endpoint}/_cloudstack/health`)).status).toBe(200);
    const statusOverTls = await new Promise((resolve, reject) => {
      httpsGet(
        { host: "127.0.0.1", port: portOf(cloud.endpoint), path: "/_cloudstack/health", rejectUnauthorized: false },
        (response) => resolve(response.resume().statusCode),
      ).on("error", reject);
    });
    expect(statusOverTls).toBe(200);
  });

  test("refuses what is not HTTP with 400 and goes on serving", async () => {
    expect(await exchange(portOf(cloud.endpoint), "NONSENSE\r\n\r\n")).toMatch(/^HTTP\/1.1 400 Bad Request/);
    expect((await fetch(`${cloud.endpoint}/_cloudstack/health`)).status).toBe(200);
  });

  test("refuses headers above 64 KiB with 431", async () => {
    const answer = await exchange(
      portOf(cloud.endpoint),
      `GET / HTTP/1.1\r\nhost: a\r\nx-long: ${"x".repeat(70_000)}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 431 /);
  });

  test("closes a connection whose TLS hello is broken and goes on serving", async () => {
    await exchange(portOf(cloud.endpoint), "\x16\x03\x01\x00\x05hello");
    expect((await fetch(`${cloud.endpoint}/_cloudstack/health`)).status).toBe(200);
  });

  test("two requests on one connection are answered in order", async () => {
    const one = "GET /_cloudstack/health HTTP/1.1\r\nhost: a\r\n";
    const answer = await exchange(portOf(cloud.endpoint), `${one}\r\n${one}connection: close\r\n\r\n`);
    expect(answer.match(/HTTP\/1.1 200 OK/g)).toHaveLength(2);
  });
});

describe("stopping", () => {
  test("finishes a request in flight, then refuses new connections", async () => {
    const leaving = await startCloud();
    const socket = connect(portOf(leaving.endpoint), "127.0.0.1");
    const closed = once(socket, "close");
    let answer = "";
    socket.setEncoding("utf8").on("data", (text: string) => (answer += text));
    const head = "POST /_cloudstack/api/networks/createVpc HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n";
    socket.write(`${head}content-length: 2\r\n\r\n{`);
    // The engine has that head once a request sent after it has been answered.
    await fetch(`${leaving.endpoint}/_cloudstack/health`);
    const stopped = leaving.stop();
    socket.write("}");
    await closed;
    await stopped;
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    await expect(fetch(`${leaving.endpoint}/_cloudstack/health`)).rejects.toThrow("fetch failed");
  });
});

describe("the engine's own paths", () => {
  test("health lists the services that are available, at both addresses", async () => {
    const own = (await (await fetch(`${cloud.endpoint}/_cloudstack/health`)).json()) as {
      services: Record<string, string>;
    };
    expect(own).toMatchObject({
      status: "running",
      checksSignatures: false,
      services: { s3: "available", sqs: "available", dynamodb: "available" },
    });
    expect(await (await fetch(`${cloud.endpoint}/_localstack/health`)).json()).toEqual(own);
  });

  test("metrics count answers by operation and status", async () => {
    await fetch(cloud.endpoint, {
      method: "POST",
      body: "{}",
      headers: { "x-amz-target": "TrentService.CreateGrant", "content-type": "application/x-amz-json-1.1" },
    });
    const text = await (await fetch(`${cloud.endpoint}/_cloudstack/metrics`)).text();
    expect(text).toContain('cloudstack_requests_total{cloud="aws",operation="kms.CreateGrant",status="501"} 1');
  });

  test("an unknown path answers 404 and says so", async () => {
    const answer = await fetch(`${cloud.endpoint}/_cloudstack/nothing`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      error: { code: "NotFound", message: "There is nothing at GET /_cloudstack/nothing." },
    });
  });
});

describe("the native API", () => {
  const post = (operation: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${cloud.endpoint}/_cloudstack/api/${operation}`, {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    });

  test("calls any operation of any service, and keeps accounts apart", async () => {
    const created = (await (await post("networks/createVpc", { cidrBlock: "10.1.0.0/16" })).json()) as { id: string };
    expect(created).toMatchObject({ cidrBlock: "10.1.0.0/16" });
    const mine = await post("networks/getVpc", { vpcId: created.id });
    expect(mine.status).toBe(200);
    const theirs = await post("networks/getVpc", { vpcId: created.id }, { "x-cloudstack-account": "999999999999" });
    expect(theirs.status).toBe(404);
    expect(await theirs.json()).toMatchObject({ error: { kind: "notFound", details: { vpcId: created.id } } });
  });

  test("tells an operation's schemas", async () => {
    const schema = await (await fetch(`${cloud.endpoint}/_cloudstack/api/networks/createVpc`)).json();
    expect(schema).toMatchObject({ effects: "write", input: { type: "object" }, output: { type: "object" } });
  });

  test("refuses input that does not fit the schema, naming the member", async () => {
    const answer = await post("networks/createVpc", { cidrBlock: 7 });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { code: "InvalidInput", message: "input/cidrBlock must be string" },
    });
  });

  test("carries bytes as base64, where the schema says so, both ways", async () => {
    await post("tables/createTable", {
      table: "pictures",
      billing: "onDemand",
      attributes: [{ name: "id", type: "B" }],
      keys: [{ name: "id", role: "partition" }],
    });
    const item = { id: { B: "AAEC/w==" }, B: { S: "QUJD" }, deep: { M: { all: { L: [{ BS: ["QUJD"] }] } } } };
    expect((await post("tables/putItem", { table: "pictures", item })).status).toBe(200);
    const found = await post("tables/getItem", { table: "pictures", key: { id: { B: "AAEC/w==" } } });
    expect(await found.json()).toMatchObject({ item });
    const key = { id: { B: "AAEC/w==" } };
    const actions = [{ delete: { table: "pictures", key } }];
    expect((await post("tables/transactWriteItems", { actions })).status).toBe(200);
    expect(await (await post("tables/getItem", { table: "pictures", key })).json()).toEqual({});
    const wrong = await post("tables/putItem", { table: "pictures", item: { id: { B: "not base64" } } });
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({ error: { message: "input/item/id/B must be base64" } });
  });

  test("refuses what is not JSON, an unknown service and an unknown operation", async () => {
    expect((await post("networks/createVpc", "{")).status).toBe(400);
    expect(await (await post("nets/createVpc", {})).json()).toMatchObject({ error: { code: "UnknownOperation" } });
    expect((await post("networks/paintVpc", {})).status).toBe(404);
  });
});
