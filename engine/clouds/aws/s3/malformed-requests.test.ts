import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { AUTHORIZATION, s3World } from "../../../testing/s3-world.ts";

const world = s3World();

/** The head of the answer to a request that is sent as it is written. */
async function answerTo(head: string, body = ""): Promise<string> {
  const socket = connect(Number(new URL(world.cloud.endpoint).port), "127.0.0.1");
  let answer = "";
  socket.setEncoding("latin1").on("data", (text: string) => (answer += text));
  const common = `authorization: ${AUTHORIZATION}\r\nhost: 127.0.0.1\r\nconnection: close`;
  socket.end(`${head}\r\n${common}\r\n\r\n${body}`, "latin1");
  await once(socket, "close");
  return answer;
}
const codeIn = (answer: string) => [Number(answer.split(" ")[1]), /<Code>(.*?)<\/Code>/.exec(answer)?.[1]];

/** Status, code and the argument's name and value of a refusal, as the wire says them. */
async function refused(method: string, path: string, headers: Record<string, string> = {}, body?: string) {
  const response = await world.raw(method, path, headers, body);
  const text = await response.text();
  const member = (name: string) => new RegExp(`<${name}>(.*?)</${name}>`).exec(text)?.[1];
  return [response.status, member("Code"), member("Message"), member("ArgumentName")];
}

describe("S3 refuses by the name of what is wrong", () => {
  test.each([
    ["?max-keys=-1", "Argument maxKeys must be an integer between 0 and 2147483647", "maxKeys"],
    ["?list-type=2&max-keys=x", "Provided max-keys not an integer or within integer range", "max-keys"],
    ["?list-type=2&max-keys=2147483648", "Provided max-keys not an integer or within integer range", "max-keys"],
    ["?versions&max-keys=-1", "max-keys cannot be negative", "max-keys"],
    ["?uploads&max-uploads=-1", "Argument max-uploads must be an integer between 0 and 2147483647", "max-uploads"],
    ["/a?uploadId=1&max-parts=-1", "Argument max-parts must be an integer between 0 and 2147483647", "max-parts"],
    ["/a?partNumber=0", "Part number must be an integer between 1 and 10000, inclusive", "partNumber"],
    ["/a?versionId=", "Version id cannot be the empty string", "versionId"],
  ])("GET %s", async (query, message, argument) => {
    const bucket = await world.newBucket();
    await world.put(bucket, "a", "1");
    expect(await refused("GET", `/${bucket}${query}`)).toEqual([400, "InvalidArgument", message, argument]);
  });

  test("a part and a range of an object at once", async () => {
    const bucket = await world.newBucket();
    await world.put(bucket, "a", "1");
    expect(await refused("GET", `/${bucket}/a?partNumber=1`, { range: "bytes=0-0" })).toEqual([
      400,
      "InvalidRequest",
      "Cannot specify both Range header and partNumber query parameter",
      undefined,
    ]);
  });

  test("a question for no attributes", async () => {
    const bucket = await world.newBucket();
    await world.put(bucket, "a", "1");
    expect(await refused("GET", `/${bucket}/a?attributes`, { "x-amz-object-attributes": "" })).toEqual([
      400,
      "InvalidRequest",
      "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty",
      undefined,
    ]);
  });

  test.each<[Record<string, string>, string, string?]>([
    [{ "x-amz-content-sha256": "abc" }, "InvalidArgument", "x-amz-content-sha256"],
    [{ "x-amz-tagging": "a=1&a=2" }, "InvalidArgument", "x-amz-tagging"],
    [{ "x-amz-tagging": "=1" }, "InvalidArgument", "x-amz-tagging"],
    [{ "x-amz-website-redirect-location": "elsewhere" }, "InvalidRedirectLocation"],
    [{ "x-amz-expected-bucket-owner": "me" }, "InvalidBucketOwnerAWSAccountID"],
    [{ "x-amz-sdk-checksum-algorithm": "SHA1" }, "InvalidRequest"],
    [{ "x-amz-sdk-checksum-algorithm": "SHA1", "x-amz-checksum-crc32": "g9zvtw==" }, "InvalidRequest"],
  ])("PUT with %j", async (headers, code, argument) => {
    const bucket = await world.newBucket();
    const [status, named, , name] = await refused("PUT", `/${bucket}/a`, headers, "1");
    expect([status, named, name]).toEqual([400, code, argument]);
  });

  test("a body that has another MD5 than its sender says", async () => {
    const bucket = await world.newBucket();
    expect(await refused("PUT", `/${bucket}/a`, { "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==" }, "1")).toEqual([
      400,
      "BadDigest",
      "The Content-MD5 you specified did not match what we received.",
      undefined,
    ]);
  });

  test("an object's body whose length it is not told", async () => {
    const bucket = await world.newBucket();
    const put = `PUT /${bucket}/a HTTP/1.1`;
    const chunks = "5\r\nhello\r\n0\r\n\r\n";
    expect(codeIn(await answerTo(put))).toEqual([411, "MissingContentLength"]);
    expect(codeIn(await answerTo(`${put}\r\ntransfer-encoding: chunked`, chunks))).toEqual([501, "NotImplemented"]);
    const framed = `${put}\r\ncontent-encoding: aws-chunked\r\ncontent-length: ${chunks.length}`;
    expect(codeIn(await answerTo(framed, chunks))).toEqual([411, "MissingContentLength"]);
    const told = `${put}\r\ncontent-encoding: aws-chunked\r\nx-amz-decoded-content-length: 5`;
    expect(codeIn(await answerTo(`${told}\r\ntransfer-encoding: chunked`, `f\r\n${chunks}\r\n0\r\n\r\n`))).toEqual(
      [200, undefined],
    );
    expect(await world.text(bucket, "a")).toBe("hello");
  });

  test("a POST that is no form, and one at an object that says nothing of an upload", async () => {
    const bucket = await world.newBucket();
    const [status, code, message] = await refused("POST", `/${bucket}`, { "content-type": "text/plain" }, "a=1");
    expect([status, code, message]).toEqual([
      412,
      "PreconditionFailed",
      "At least one of the pre-conditions you specified did not hold",
    ]);
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const posted = (path: string) => fetch(world.cloud.endpoint + path, { method: "POST", headers: form, body: "a=1" });
    expect((await posted(`/${bucket}`)).status).toBe(412);
    const refusal = await posted(`/${bucket}/a`);
    expect(refusal.status).toBe(405);
    expect(await refusal.text()).toContain("<Method>POST</Method><ResourceType>OBJECT</ResourceType>");
    expect((await posted(`/${bucket}/a?uploads`)).status).toBe(403);
  });

  test.each([
    ["0", "Argument max-buckets must be an integer between 1 and 10000"],
    ["10001", "Argument max-buckets must be an integer between 1 and 10000"],
    ["many", "Provided max-buckets not an integer or within integer range"],
  ])("%s buckets on a page", async (count, message) => {
    expect(await refused("GET", `/?max-buckets=${count}`)).toEqual([400, "InvalidArgument", message, "max-buckets"]);
  });

  test.each([
    ["POST", "delete", "<Delete><Object><Key>a</Key></Object></Delete>"],
    ["PUT", "cors", "<CORSConfiguration/>"],
    ["PUT", "lifecycle", "<LifecycleConfiguration/>"],
  ])("%s ?%s without a digest of what is sent", async (method, query, body) => {
    const [status, code, message] = await refused(method, `/${await world.newBucket()}?${query}`, {}, body);
    expect([status, code, message]).toEqual([
      400,
      "InvalidRequest",
      "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
    ]);
  });

  test("a bucket in a place that is no region", async () => {
    const place = "<LocationConstraint>mars-1</LocationConstraint>";
    const body = `<CreateBucketConfiguration>${place}</CreateBucketConfiguration>`;
    expect(await refused("PUT", "/on-mars", {}, body)).toEqual([
      400,
      "InvalidLocationConstraint",
      "The specified location-constraint is not valid",
      undefined,
    ]);
  });
});

describe("S3 reads as HTTP and mail would", () => {
  test.each(["if-modified-since", "if-unmodified-since"])("%s that is no date says nothing", async (name) => {
    const bucket = await world.newBucket();
    await world.put(bucket, "a", "1");
    expect((await world.raw("GET", `/${bucket}/a`, { [name]: "yesterday" })).status).toBe(200);
  });

  test.each([
    ["ÄMÄZÕÑ S3", "=?UTF-8?B?w4PChE3Dg8KEWsODwpXDg8KRIFMz?="],
    ["plain", "plain"],
    ["=?UTF-8?B?w4RN?=", "=?UTF-8?B?w4RN?="],
  ])("metadata %s comes back as %s", async (text, told) => {
    const bucket = await world.newBucket();
    const bytes = Buffer.from(text).toString("latin1");
    const put = `PUT /${bucket}/a HTTP/1.1\r\ncontent-length: 0\r\nx-amz-meta-name: ${bytes}`;
    expect(codeIn(await answerTo(put))).toEqual([200, undefined]);
    expect((await world.raw("HEAD", `/${bucket}/a`)).headers.get("x-amz-meta-name")).toBe(told);
  });
  test("metadata in Latin-1 is read as such", async () => {
    const bucket = await world.newBucket();
    await world.raw("PUT", `/${bucket}/a`, { "x-amz-meta-name": "ä" }, "1");
    expect((await world.raw("HEAD", `/${bucket}/a`)).headers.get("x-amz-meta-name")).toBe("=?UTF-8?B?w6Q=?=");
  });
});
