import { describe, expect, test } from "vitest";
import { s3World } from "../../../testing/s3-world.ts";

const world = s3World();

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
