import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import type { WireRequest } from "../../wire.ts";
import { AwsFailure } from "../codec.ts";
import { readAll } from "../request-body.ts";
import { isPostForm, readPostForm } from "./post-form.ts";

const NOW_MS = Date.parse("2030-01-01T00:00:00Z");

interface Form {
  readonly fields: Readonly<Record<string, string>>;
  readonly file?: string;
  readonly fileName?: string;
  readonly chunkBytes?: number;
  readonly ending?: string;
}

function bodyOf({ fields, file, fileName = "a.txt", chunkBytes = 7, ending = "\r\n--B--\r\n" }: Form): Readable {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--B\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const disposition = `Content-Disposition: form-data; name="file"; filename="${fileName}"`;
  const head = `--B\r\n${disposition}\r\nContent-Type: x/y\r\n\r\n`;
  const body = Buffer.from(
    file === undefined ? `${parts.join("")}--B--\r\n` : `${parts.join("")}${head}${file}${ending}`,
  );
  const chunks: Buffer[] = [];
  for (let at = 0; at < body.length; at += chunkBytes) chunks.push(body.subarray(at, at + chunkBytes));
  return Readable.from(chunks);
}

const requestOf = (form: Form, more: Partial<WireRequest> = {}): WireRequest => ({
  method: "POST",
  path: "/photos",
  query: "",
  headers: { "content-type": "multipart/form-data; boundary=B" },
  body: bodyOf(form),
  isSecure: false,
  host: "127.0.0.1:4566",
  requestId: "r",
  ...more,
});

const posted = (form: Form, more: Partial<WireRequest> = {}) => readPostForm(requestOf(form, more), NOW_MS);

/** Code and text of the refusal, whether it comes before the file or in it. */
async function refusalOf(form: Form): Promise<string> {
  try {
    await readAll((await posted(form)).request.body);
  } catch (problem) {
    if (problem instanceof AwsFailure) return problem.message;
    throw problem;
  }
  return "accepted";
}

const policyOf = (conditions: readonly unknown[], expiration = "2030-01-01T01:00:00Z") =>
  Buffer.from(JSON.stringify({ expiration, conditions })).toString("base64");

describe("a browser's form", () => {
  test("says what a PUT says, whatever the pieces it arrives in", async () => {
    const fields = {
      "key": "in/${filename}",
      "Content-Type": "text/plain",
      "x-amz-meta-Colour": "red",
      "acl": "private",
      "tagging": "<Tagging><TagSet><Tag><Key>k</Key><Value>a b</Value></Tag></TagSet></Tagging>",
      "X-Amz-Credential": "111122223333/20300101/eu-west-1/s3/aws4_request",
    };
    const file = "one\r\n--Other\r\n--\r\ntwo";
    for (const chunkBytes of [1, 2, 3, 5, 8, 13, 1000]) {
      const { request } = await posted({ fields, file, fileName: String.raw`C:\pictures\a b.txt`, chunkBytes });
      expect(request).toMatchObject({ method: "PUT", path: "/photos/in/a%20b.txt", query: "" });
      expect(request.headers).toMatchObject({
        "content-type": "text/plain",
        "x-amz-meta-colour": "red",
        "x-amz-acl": "private",
        "x-amz-tagging": "k=a+b",
        "authorization": "AWS4-HMAC-SHA256 Credential=111122223333/20300101/eu-west-1/s3/aws4_request, Signature=",
      });
      expect(String(await readAll(request.body))).toBe(file);
    }
  });

  test("may be posted to the bucket's own host, with a credential of the second version", async () => {
    const fields = { key: "k", AWSAccessKeyId: "111122223333", signature: "s" };
    const { request } = await posted({ fields, file: "x" }, { path: "/", host: "photos.s3.localhost:4566" });
    expect(request.path).toBe("/k");
    expect(request.headers.authorization).toBe("AWS 111122223333:s");
  });

  test("is answered as it asks", async () => {
    const answer = { status: 200, headers: { etag: '"e"' } };
    const respond = async (fields: Record<string, string>) =>
      (await posted({ fields: { key: "a&b", ...fields }, file: "x" })).respond(answer);
    const location = "http://127.0.0.1:4566/photos/a%26b";
    expect(await respond({})).toEqual({ status: 204, headers: { etag: '"e"', location } });
    expect((await respond({ success_action_status: "200" })).status).toBe(200);
    expect((await respond({ success_action_status: "404" })).status).toBe(204);
    const created = await respond({ success_action_status: "201" });
    expect(created.body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
        `<PostResponse><Location>${location}</Location><Bucket>photos</Bucket><Key>a&amp;b</Key>` +
        "<ETag>&quot;e&quot;</ETag></PostResponse>",
    );
    expect(await respond({ success_action_redirect: "https://me.example/done?x=1" })).toMatchObject({
      status: 303,
      headers: { location: "https://me.example/done?x=1&bucket=photos&key=a%26b&etag=%22e%22" },
    });
  });

  test("that is incomplete is refused by S3's names", async () => {
    const key = { key: "k" };
    expect(await refusalOf({ fields: {}, file: "x" })).toMatch(/^InvalidArgument: Bucket POST must contain a field/);
    expect(await refusalOf({ fields: { key: "" }, file: "x" })).toMatch(/^InvalidArgument: User key must have/);
    expect(await refusalOf({ fields: key })).toBe(
      "InvalidArgument: POST requires exactly one file upload per request.",
    );
    expect(await refusalOf({ fields: key, file: "x", ending: "" })).toMatch(/^MalformedPOSTRequest: /);
    expect(await refusalOf({ fields: { ...key, tagging: "<a>" }, file: "x" })).toMatch(/^MalformedXML: /);
    const long = { ...key, "x-amz-meta-long": "x".repeat(20_480) };
    expect(await refusalOf({ fields: long, file: "x", chunkBytes: 4096 })).toMatch(/^MaxPostPreDataLengthExceeded: /);
  });
});

describe("a form's policy", () => {
  const bucket = { bucket: "photos" };
  const accepts = (conditions: readonly unknown[], fields: Record<string, string> = { key: "in/a" }, file = "12345") =>
    refusalOf({ fields: { ...fields, policy: policyOf(conditions) }, file });

  test("accepts what it describes", async () => {
    expect(await accepts([bucket, { key: "in/a" }])).toBe("accepted");
    expect(await accepts([bucket, ["eq", "$key", "in/a"]])).toBe("accepted");
    expect(await accepts([bucket, ["starts-with", "$key", "in/"], ["content-length-range", 5, 5]])).toBe("accepted");
    expect(await accepts([["starts-with", "$key", ""]], { "key": "k", "x-ignore-me": "1" })).toBe("accepted");
  });

  test("compares the key that the file's name made", async () => {
    expect(await accepts([["starts-with", "$key", "in/a."]], { key: "in/${filename}" })).toBe("accepted");
  });

  test("refuses everything else, by S3's texts", async () => {
    const denied = "AccessDenied: Invalid according to Policy: ";
    const failed = `${denied}Policy Condition failed: `;
    expect(await accepts([{ bucket: "other" }, { key: "in/a" }])).toBe(`${failed}["eq", "$bucket", "other"]`);
    expect(await accepts([bucket, ["eq", "$key", "b"]])).toBe(`${failed}["eq", "$key", "b"]`);
    expect(await accepts([bucket, ["starts-with", "$key", "b"]])).toBe(`${failed}["starts-with", "$key", "b"]`);
    expect(await accepts([bucket])).toBe(`${denied}Extra input fields: key`);
    const expired = { key: "k", policy: policyOf([{ key: "k" }], "2030-01-01T00:00:00Z") };
    expect(await refusalOf({ fields: expired, file: "x" })).toBe(`${denied}Policy expired.`);
    const broken = { key: "k", policy: Buffer.from("{").toString("base64") };
    expect(await refusalOf({ fields: broken, file: "x" })).toBe("InvalidPolicyDocument: Invalid Policy: Invalid JSON.");
  });

  test("limits the file's size", async () => {
    const range = (min: number, max: number) => [{ key: "in/a" }, ["content-length-range", min, max]];
    expect(await accepts(range(0, 4))).toMatch(/^EntityTooLarge: /);
    expect(await accepts(range(6, 9))).toMatch(/^EntityTooSmall: /);
  });
});

test("what is no such form passes by", () => {
  const form = { fields: { key: "k" }, file: "x" };
  const others: Partial<WireRequest>[] = [
    { method: "PUT" },
    { path: "/photos/key" },
    { path: "/" },
    { headers: { "content-type": "application/x-www-form-urlencoded" } },
  ];
  expect(isPostForm(requestOf(form))).toBe(true);
  for (const other of others) expect(isPostForm(requestOf(form, other))).toBe(false);
});
