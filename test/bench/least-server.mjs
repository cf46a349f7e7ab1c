// The least that a durable server of these six operations does, for a bound of what is to be had on a machine:
// node:http, a map, a record appended for each write, one fdatasync for all that came meanwhile. Nothing is routed,
// checked, signed, isolated, listed or read back after a restart.
import { hash } from "node:crypto";
import { closeSync, fdatasync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "cloudstacks-least-"));
const log = openSync(join(folder, "log"), "w");
const records = new Map();
let open = [];
let isSyncing = false;

function flush() {
  if (isSyncing || open.length === 0) return;
  const batch = open;
  open = [];
  isSyncing = true;
  writeSync(log, Buffer.concat(batch.map(({ bytes }) => bytes)));
  fdatasync(log, (problem) => {
    if (problem) throw problem;
    isSyncing = false;
    for (const { answer } of batch) answer();
    if (open.length > 0) setImmediate(flush);
  });
}

const NONE = Buffer.alloc(0);

/** Answers once it is on the disk. */
function keep(key, record, answer, body = NONE) {
  records.set(key, { ...record, body });
  open.push({ bytes: Buffer.concat([Buffer.from(JSON.stringify(record)), body]), answer });
  if (!isSyncing && open.length === 1) setImmediate(flush);
}

function answerJson(response, value) {
  const text = JSON.stringify(value);
  response.writeHead(200, { "content-type": "application/x-amz-json-1.0", "content-length": Buffer.byteLength(text) });
  response.end(text);
}

let sent = 0;
const answers = {
  PutItem: ({ Item }, response) => keep(Item.id.S, { Item }, () => answerJson(response, {})),
  GetItem: ({ Key }, response) => answerJson(response, { Item: records.get(Key.id.S).Item }),
  SendMessage({ MessageBody }, response) {
    const message = { id: String(sent++), body: MessageBody, md5: hash("md5", MessageBody) };
    keep(message.id, message, () => answerJson(response, { MessageId: message.id, MD5OfMessageBody: message.md5 }));
  },
};

function answer({ method, url, headers }, body, response) {
  if (method === "PUT") {
    const etag = `"${hash("md5", body)}"`;
    const object = { etag, type: headers["content-type"], modifiedAtMs: Date.now() };
    return keep(url, object, () => response.writeHead(200, { etag, "content-length": 0 }).end(), body);
  }
  if (method === "GET") {
    const { etag, type, body: content } = records.get(url);
    const head = { etag, "content-type": type, "content-length": content.length };
    return response.writeHead(200, head).end(content);
  }
  const [, operation] = headers["x-amz-target"]?.split(".") ?? [];
  if (operation === undefined) return answerJson(response, { Account: "000000000000" });
  return answers[operation](JSON.parse(body.toString()), response);
}

const server = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => answer(request, parts.length === 1 ? parts[0] : Buffer.concat(parts), response));
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.once("SIGTERM", () => {
  closeSync(log);
  rmSync(folder, { recursive: true });
  process.exit();
});
