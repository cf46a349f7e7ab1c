import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Readable } from "node:stream";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../platform/clock.ts";
import type { WireResponse } from "../../protocols/wire.ts";
import type { Exchange } from "./exchange.ts";
import { createListener, type Listener } from "./listener.ts";

let listener: Listener;
let port: number;
const problems: Error[] = [];

/** Answers with what it was asked, by paths that ask for a certain answer. */
async function echo(exchange: Exchange): Promise<void> {
  const chunks: Buffer[] = [];
  if (Buffer.isBuffer(exchange.body)) chunks.push(exchange.body);
  else for await (const chunk of exchange.body) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const special: Record<string, () => WireResponse> = {
    "/stream": () => ({ status: 200, headers: {}, body: Readable.from([Buffer.from("one "), Buffer.from("two")]) }),
    "/known": () => ({ status: 200, headers: { "content-length": 3 }, body: Readable.from([Buffer.from("six")]) }),
    "/cut": () => ({ status: 200, headers: { "content-length": 9 }, body: Readable.from(failing()) }),
    "/none": () => ({ status: 204, headers: {} }),
    "/large": () => ({ status: 200, headers: {}, body: Buffer.alloc(100_000, "x") }),
    "/break": () => ({ status: 200, headers: { note: "a\r\nb" }, body: "" }),
  };
  const answer = special[exchange.url]?.() ?? {
    status: 200,
    headers: { kind: Buffer.isBuffer(exchange.body) ? "bytes" : "stream" },
    body: `${exchange.method} ${exchange.url} ${exchange.headers["x-note"] ?? "-"} ${body.length}`,
  };
  try {
    exchange.send(answer, (problem) => problems.push(problem));
  } catch (problem) {
    problems.push(problem as Error);
    exchange.send({ status: 500, headers: {}, body: "" }, () => undefined);
  }
}

// oxlint-disable-next-line require-await -- a stream that fails
async function* failing() {
  yield Buffer.from("part");
  throw new Error("the disk is gone");
}

beforeAll(async () => {
  listener = createListener({
    onExchange: (exchange) => void echo(exchange),
    isOwn: (url) => url.startsWith("/own"),
    onOwn: (_request, response) => response.end("own"),
    secureContext: () => ({}),
    onProblem: (problem) => problems.push(problem),
    clock: systemClock(),
  });
  ({ port } = await listener.listen(0, "127.0.0.1"));
});
afterAll(() => listener.stop(1000));

async function open(): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  return socket;
}

/** All that comes back for `pieces`, sent one after the other, until the server closes. */
async function send(...pieces: (string | Buffer)[]): Promise<string> {
  const socket = await open();
  let text = "";
  socket.setEncoding("latin1").on("data", (chunk: string) => (text += chunk));
  const closed = once(socket, "close");
  for (const piece of pieces) await new Promise((resolve) => socket.write(piece, resolve));
  socket.end();
  await closed;
  return text;
}

const bodiesOf = (text: string) => text.split("\r\n\r\n").slice(1).map((part) => part.split("HTTP/1.1")[0]);
const request = (head: string, body = "") => `${head}\r\nhost: a\r\n\r\n${body}`;

describe("a connection", () => {
  test("answers requests that come together in their order", async () => {
    const text = await send(request("GET /one HTTP/1.1") + request("PUT /two HTTP/1.1\r\ncontent-length: 2", "ab"));
    expect(bodiesOf(text)).toEqual(["GET /one - 0", "PUT /two - 2"]);
  });

  test("reads the same from any cut of the bytes", async () => {
    const bytes =
      request("POST /a HTTP/1.1\r\nX-Note:  first \r\ncontent-length: 5", "12345") +
      request("POST /b HTTP/1.1\r\nx-note: second\r\ntransfer-encoding: chunked", "3\r\nabc\r\n0\r\n\r\n") +
      request("GET /c HTTP/1.1\r\nx-note: one\r\nx-note: two");
    const cut = fc.array(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(cut, async (cuts) => {
        const ends = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const text = await send(...ends.slice(1).map((end, index) => bytes.slice(ends[index], end)));
        expect(bodiesOf(text)).toEqual(["POST /a first 5", "POST /b second 3", "GET /c one, two 0"]);
      }),
      { numRuns: 20 },
    );
  });

  test("gives a small body as bytes, and from the first large one on streams", async () => {
    const body = "x".repeat(300_000);
    const text = await send(
      request("PUT /s HTTP/1.1\r\ncontent-length: 1", "s"),
      request("PUT /l HTTP/1.1\r\ncontent-length: 300000", body),
      request("GET /after HTTP/1.1"),
    );
    expect(bodiesOf(text)).toEqual(["PUT /s - 1", "PUT /l - 300000", "GET /after - 0"]);
    expect([...text.matchAll(/kind: (\w+)/g)].map((match) => match[1])).toEqual(["bytes", "stream", "stream"]);
  });

  test("reads the path of a whole address, which a client sends whose proxy the engine is", async () => {
    const text = await send(request("GET http://111111111111.127.0.0.1:9/a?b=c HTTP/1.1"));
    expect(bodiesOf(text)).toEqual(["GET /a?b=c - 0"]);
  });

  test("passes the engine's own paths on, and waits with 100 Continue for whoever asks for it", async () => {
    const text = await send(
      request("GET /own/x HTTP/1.1"),
      request("PUT /e HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: 3"),
      "abc",
    );
    expect(text).toMatch(/own[\s\S]*HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK[\s\S]*PUT \/e - 3$/);
  });

  test("ends when the client asks for it", async () => {
    const text = await send(`${request("GET /a HTTP/1.1\r\nconnection: close")}${request("GET /b HTTP/1.1")}`);
    expect(bodiesOf(text)).toEqual(["GET /a - 0"]);
    expect(text).toContain("connection: close");
  });

  test.each([
    ["a bare line feed", "GET / HTTP/1.1\nhost: a\n\n"],
    ["a control character in a header", "GET / HTTP/1.1\r\nhost: a\r\nx-note: a\u0001b\r\n\r\n"],
    ["two lengths", "PUT / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab"],
    [
      "a length and chunks",
      "PUT / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["a length that is no number", "PUT / HTTP/1.1\r\nhost: a\r\ncontent-length: 0x1\r\n\r\na"],
    ["no host", "GET / HTTP/1.1\r\nx-note: a\r\n\r\n"],
    ["a space before the colon", "GET / HTTP/1.1\r\nhost: a\r\ncontent-length : 1\r\n\r\na"],
  ])("refuses %s with 400", async (_what, bytes) => {
    expect(await send(bytes)).toMatch(/^HTTP\/1.1 400 Bad Request/);
  });
});

describe("an answer", () => {
  test("streams: in chunks when nobody knows its length, plainly when it is told", async () => {
    const text = await send(request("GET /stream HTTP/1.1") + request("GET /known HTTP/1.1"));
    expect(text).toContain("transfer-encoding: chunked");
    expect(text).toContain("\r\n\r\n4\r\none \r\n3\r\ntwo\r\n0\r\n\r\nHTTP/1.1 200 OK");
    expect(text).toMatch(/\r\n\r\nsix$/);
  });

  test("streams again and again on one connection, and leaves nothing on it", async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on("warning", note);
    const answers = await send("GET /stream HTTP/1.1\r\nhost: a\r\n\r\n".repeat(24));
    process.off("warning", note);
    expect([answers.split("two").length, warnings]).toEqual([25, []]);
  });

  test("has no body for HEAD and 204, whatever the handler gives", async () => {
    const text = await send(
      request("HEAD /large HTTP/1.1") + request("HEAD /stream HTTP/1.1") + request("GET /none HTTP/1.1"),
    );
    expect(text.match(/HTTP\/1.1 20[04]/g)).toHaveLength(3);
    expect(bodiesOf(text)).toEqual(["", "", ""]);
    expect(text).toContain("content-length: 100000");
  });

  test("of 100 kB arrives whole", async () => {
    expect(bodiesOf(await send(request("GET /large HTTP/1.1")))[0]).toHaveLength(100_000);
  });

  test("that breaks off closes the connection, so that the client sees it", async () => {
    problems.length = 0;
    expect(await send(request("GET /cut HTTP/1.1"))).toMatch(/\r\n\r\npart$/);
    expect(problems.map((problem) => problem.message)).toEqual(["the disk is gone"]);
  });

  test("with a line break in a header is not sent", async () => {
    problems.length = 0;
    expect(await send(request("GET /break HTTP/1.1"))).toMatch(/^HTTP\/1.1 500 /);
    expect(problems.map((problem) => problem.message)).toEqual([
      "The header note holds a character that HTTP forbids.",
    ]);
  });
});

describe("stopping", () => {
  test("closes what is idle at once", async () => {
    const leaving = createListener({
      onExchange: (exchange) => void echo(exchange),
      isOwn: () => false,
      onOwn: () => undefined,
      secureContext: () => ({}),
      onProblem: () => undefined,
      clock: systemClock(),
    });
    const address = await leaving.listen(0, "127.0.0.1");
    const idle = connect(address.port, "127.0.0.1");
    await once(idle, "connect");
    idle.write(request("GET /a HTTP/1.1"));
    await once(idle, "data");
    const closed = once(idle, "close");
    await leaving.stop(60_000);
    await closed;
  });
});
