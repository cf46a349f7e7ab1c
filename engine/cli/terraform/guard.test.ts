import { once } from "node:events";
import { createServer, request, type IncomingMessage } from "node:http";
import { connect, createServer as createPlainServer, type AddressInfo, type Server, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { connect as connectTls } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../platform/clock.ts";
import { idsFrom } from "../../platform/ids.ts";
import { seededRandom } from "../../platform/random.ts";
import { startGuard, type Guard } from "./guard.ts";

async function portOf(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A server that answers what it was asked. */
const echo = () =>
  portOf(createServer((asked, answer) => answer.end(`${asked.method} ${asked.url} of ${asked.headers.host}`)));

async function guardBefore(engine: string, environment: Record<string, string> = {}) {
  const told: string[] = [];
  const guard = await startGuard({
    engine: new URL(engine),
    environment,
    // Clients compare certificates with their own time.
    clock: systemClock(),
    ids: idsFrom(seededRandom(1)),
    onRefused: (line) => told.push(line),
  });
  onTestFinished(() => guard.stop());
  return { guard, told };
}

/** Asks the proxy for a whole address, as clients of plain HTTP do. */
async function ask({ address }: Guard, url: string): Promise<{ status: number | undefined; text: string }> {
  const { hostname, port } = new URL(address);
  const asked = request({ host: hostname, port, path: url, headers: { host: url.split("/")[2] } }).end();
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  return { status: answer.statusCode, text: await text(answer) };
}

/** Asks the proxy for a tunnel. */
async function tunnel({ address }: Guard, authority: string): Promise<{ status: number | undefined; socket: Socket }> {
  const { hostname, port } = new URL(address);
  const asked = request({ host: hostname, port, method: "CONNECT", path: authority }).end();
  const [answer, socket, head] = (await once(asked, "connect")) as [IncomingMessage, Socket, Buffer];
  socket.unshift(head);
  return { status: answer.statusCode, socket };
}

const ENGINE = "http://127.0.0.1:1";
const text403 = (host: string) => `cloudstack refuses ${host}: no request of this run may reach a real cloud`;

describe("what may pass", () => {
  test("reaches its host, plain or through a tunnel", async () => {
    const { guard, told } = await guardBefore(ENGINE);
    const port = await echo();
    expect(await ask(guard, `http://127.0.0.1:${port}/modules?x=1`)).toEqual({
      status: 200,
      text: `GET /modules?x=1 of 127.0.0.1:${port}`,
    });
    const { status, socket } = await tunnel(guard, `127.0.0.1:${port}`);
    socket.write("GET /providers HTTP/1.1\r\nhost: registry\r\nconnection: close\r\n\r\n");
    expect([status, (await text(socket)).endsWith("GET /providers of registry")]).toEqual([200, true]);
    expect(told).toEqual([]);
  });

  test("below the engine's own name, it reaches the engine, which hears the name", async () => {
    const port = await echo();
    const { guard } = await guardBefore(`http://127.0.0.1:${port}`);
    expect((await ask(guard, `http://111111111111.127.0.0.1:${port}/v20180820`)).text).toBe(
      `GET /v20180820 of 111111111111.127.0.0.1:${port}`,
    );
  });

  test("that nobody answers is told as a gateway tells it", async () => {
    const { guard } = await guardBefore(ENGINE);
    const closed = createPlainServer();
    const port = await portOf(closed);
    closed.close();
    await once(closed, "close");
    expect((await ask(guard, `http://127.0.0.1:${port}/`)).status).toBe(502);
    expect((await tunnel(guard, `127.0.0.1:${port}`)).status).toBe(502);
  });

  test("goes by the user's own proxy, with its password, where the user says so", async () => {
    const seen: string[] = [];
    const theirs = createServer((asked, answer) => {
      seen.push(`${asked.url} ${asked.headers["proxy-authorization"]}`);
      answer.end("through yours");
    });
    theirs.on("connect", (asked: IncomingMessage, socket: Socket) => {
      seen.push(`${asked.url} ${asked.headers["proxy-authorization"]}`);
      socket.end("HTTP/1.1 200 OK\r\n\r\nhello");
    });
    const proxy = `http://ada:se%20cret@127.0.0.1:${await portOf(theirs)}`;
    const direct = await echo();
    const { guard } = await guardBefore(ENGINE, { https_proxy: proxy, HTTP_PROXY: proxy, NO_PROXY: "127.0.0.1" });
    expect((await ask(guard, "http://modules.test/a.zip")).text).toBe("through yours");
    const { socket } = await tunnel(guard, "registry.test:443");
    expect(await text(socket)).toBe("hello");
    expect((await ask(guard, `http://127.0.0.1:${direct}/`)).status).toBe(200);
    const authorization = `Basic ${Buffer.from("ada:se cret").toString("base64")}`;
    expect(seen).toEqual([`http://modules.test/a.zip ${authorization}`, `registry.test:443 ${authorization}`]);
  });
});

describe("a request to a real cloud", () => {
  test.each([
    "s3.amazonaws.com",
    "sqs.eu-central-1.amazonaws.com",
    "iam.cn-north-1.amazonaws.com.cn",
    "lambda.us-east-1.api.aws",
    "S3.AmazonAWS.com.",
    "storage.googleapis.com",
    "management.azure.com",
    "account.blob.core.windows.net",
    "169.254.169.254",
  ])("is refused by name, in clear: %s", async (host) => {
    const { guard, told } = await guardBefore(ENGINE);
    for (let i = 0; i < 2; i++) {
      const { status, text: said } = await ask(guard, `http://${host}/`);
      expect([status, said.includes(text403(host.toLowerCase()))]).toEqual([403, true]);
    }
    expect(told).toEqual([text403(host.toLowerCase())]);
  });

  test.each(["amazonaws.com.example.org", "notamazonaws.com", "registry.terraform.io", "releases.hashicorp.com"])(
    "is none: %s",
    async (host) => {
      const { guard } = await guardBefore(ENGINE, { HTTP_PROXY: `http://127.0.0.1:${await echo()}` });
      expect((await ask(guard, `http://${host}/`)).status).toBe(200);
    },
  );

  test.each([
    ["sqs.us-east-1.amazonaws.com", "application/x-amz-json-1.0", '{"__type":"RealCloudRefused","message":"TEXT"}'],
    [
      "s3.amazonaws.com",
      "application/octet-stream",
      "<Error><Code>RealCloudRefused</Code><Message>TEXT</Message></Error>",
    ],
    [
      "sts.amazonaws.com",
      "application/x-www-form-urlencoded",
      "<ErrorResponse><Error><Code>RealCloudRefused</Code><Message>TEXT</Message></Error></ErrorResponse>",
    ],
  ])("is answered in its tunnel in a form that SDKs read: %s", async (host, type, body) => {
    const { guard, told } = await guardBefore(ENGINE);
    const { status, socket } = await tunnel(guard, `${host}:443`);
    expect(status).toBe(200);
    const secure = connectTls({ socket, servername: host, ca: guard.authority });
    secure.write(`POST / HTTP/1.1\r\nhost: ${host}\r\ncontent-type: ${type}\r\ncontent-length: 0\r\n\r\n`);
    const answer = await text(secure);
    expect(answer.split("\r\n")[0]).toBe("HTTP/1.1 403 Forbidden");
    expect(answer.split("\r\n\r\n")[1]).toBe(body.replace("TEXT", text403(host)));
    expect(told).toEqual([text403(host)]);
  });

  test("is told also when the client does not trust the guard and breaks off", async () => {
    const { guard, told } = await guardBefore(ENGINE);
    const { socket } = await tunnel(guard, "s3.amazonaws.com:443");
    const [problem] = (await once(connectTls({ socket, servername: "s3.amazonaws.com" }), "error")) as [Error];
    expect(problem.message).toMatch(/certificate/);
    expect(told).toEqual([text403("s3.amazonaws.com")]);
  });
});

test("what is no request to a proxy is refused, and the guard goes on", async () => {
  const { guard } = await guardBefore(ENGINE);
  expect((await fetch(`${guard.address}/health`)).status).toBe(400);
  expect((await tunnel(guard, "nonsense")).status).toBe(400);
  const { hostname, port } = new URL(guard.address);
  const broken = connect(Number(port), hostname);
  broken.end("NONSENSE\r\n\r\n");
  expect(await text(broken)).toMatch(/^HTTP\/1.1 400 /);
  expect((await fetch(`${guard.address}/health`)).status).toBe(400);
});
