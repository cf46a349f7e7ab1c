import { DeleteBucketWebsiteCommand, PutBucketCorsCommand, PutBucketWebsiteCommand } from "@aws-sdk/client-s3";
import type { CORSRule, WebsiteConfiguration } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { failure, refusal, s3World } from "../../../testing/s3-world.ts";

const world = s3World();

const visit = (host: string, path: string, method = "GET") => world.visit(host, path, method);
const site = (Bucket: string, WebsiteConfiguration: WebsiteConfiguration) =>
  world.s3.send(new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration }));
const PAGES = { IndexDocument: { Suffix: "index.html" }, ErrorDocument: { Key: "error.html" } };

async function newSite(more: Partial<WebsiteConfiguration> = {}): Promise<{ Bucket: string; host: string }> {
  const Bucket = await world.newBucket();
  await site(Bucket, { ...PAGES, ...more });
  await world.put(Bucket, "index.html", "<h1>home", { ContentType: "text/html" });
  await world.put(Bucket, "docs/index.html", "<h1>docs", { ContentType: "text/html" });
  await world.put(Bucket, "a b.txt", "text", { ContentType: "text/plain" });
  return { Bucket, host: `${Bucket}.s3-website.localhost:4566` };
}

describe("a website", () => {
  test("shows objects, and the index page of a folder", async () => {
    const { host } = await newSite();
    expect(await visit(host, "/")).toMatchObject({ status: 200, type: "text/html", body: "<h1>home" });
    expect(await visit(host, "/docs/")).toMatchObject({ status: 200, body: "<h1>docs" });
    expect(await visit(host, "/a%20b.txt")).toMatchObject({ status: 200, type: "text/plain", body: "text" });
  });
  test("is there under every spelling of its host", async () => {
    const { Bucket } = await newSite();
    for (const host of [
      `${Bucket}.s3-website-us-east-1.amazonaws.com`,
      `${Bucket}.s3-website.eu-central-1.amazonaws.com`,
      `${Bucket}.s3-website.localhost.localstack.cloud:4566`,
    ])
      expect((await visit(host, "/")).status).toBe(200);
  });
  test("sends on from a folder without its slash", async () => {
    const { host } = await newSite();
    expect(await visit(host, "/docs")).toMatchObject({ status: 302, location: "/docs/" });
  });
  test("shows its error document, with the status of the error", async () => {
    const { Bucket, host } = await newSite();
    await world.put(Bucket, "error.html", "<h1>sorry", { ContentType: "text/html" });
    expect(await visit(host, "/none")).toMatchObject({ status: 404, type: "text/html", body: "<h1>sorry" });
  });
  test("shows a page of S3's when there is no error document", async () => {
    const { host } = await newSite();
    const shown = await visit(host, "/none");
    expect([shown.status, shown.type]).toEqual([404, "text/html; charset=utf-8"]);
    expect(shown.body).toContain("<li>Code: NoSuchKey</li>");
  });
  test("sends on as its objects say", async () => {
    const { Bucket, host } = await newSite();
    await world.put(Bucket, "old", "", { WebsiteRedirectLocation: "/docs/" });
    expect(await visit(host, "/old")).toMatchObject({ status: 301, location: "/docs/" });
  });
  test("sends everybody on who is sent on", async () => {
    const Bucket = await world.newBucket();
    await site(Bucket, { RedirectAllRequestsTo: { HostName: "example.com", Protocol: "https" } });
    expect(await visit(`${Bucket}.s3-website.localhost`, "/a/b")).toMatchObject({
      status: 301,
      location: "https://example.com/a/b",
    });
  });
  test("obeys its routing rules", async () => {
    const { host } = await newSite({
      RoutingRules: [
        { Condition: { KeyPrefixEquals: "old/" }, Redirect: { ReplaceKeyPrefixWith: "docs/" } },
        {
          Condition: { HttpErrorCodeReturnedEquals: "404" },
          Redirect: { HostName: "example.com", HttpRedirectCode: "307", ReplaceKeyWith: "lost" },
        },
      ],
    });
    expect(await visit(host, "/old/page")).toMatchObject({ status: 301, location: "/docs/page" });
    expect(await visit(host, "/none")).toMatchObject({ status: 307, location: "http://example.com/lost" });
  });
  test("takes no writes", async () => {
    const { host } = await newSite();
    expect((await visit(host, "/", "PUT")).status).toBe(405);
  });
  test("that is not configured is a page that says so", async () => {
    const { Bucket, host } = await newSite();
    await world.s3.send(new DeleteBucketWebsiteCommand({ Bucket }));
    expect((await visit(host, "/")).body).toContain("NoSuchWebsiteConfiguration");
    expect((await visit("nothing-here.s3-website.localhost", "/")).body).toContain("NoSuchBucket");
  });
});

describe("a website's configuration", () => {
  const refused = async (configuration: WebsiteConfiguration) => failure(site(await world.newBucket(), configuration));
  test("without an index page is InvalidArgument", async () =>
    expect(await refused({})).toEqual(["InvalidArgument", 400]));
  test("with a slash in its index page is InvalidArgument", async () =>
    expect(await refused({ IndexDocument: { Suffix: "a/b" } })).toEqual(["InvalidArgument", 400]));
  test("that sends everybody on and has pages is InvalidArgument", async () =>
    expect(await refused({ ...PAGES, RedirectAllRequestsTo: { HostName: "x" } })).toEqual(["InvalidArgument", 400]));
  test("with more than 50 rules is InvalidRequest", async () => {
    const RoutingRules = Array.from({ length: 51 }, () => ({ Redirect: { HostName: "x" } }));
    expect(await refused({ ...PAGES, RoutingRules })).toEqual(["InvalidRequest", 400]);
  });
  test("with a status that is no redirect is InvalidRequest", async () =>
    expect(await refused({ ...PAGES, RoutingRules: [{ Redirect: { HttpRedirectCode: "200" } }] })).toEqual([
      "InvalidRequest",
      400,
    ]));
});

const cors = (Bucket: string, ...CORSRules: CORSRule[]) =>
  world.s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
const RULE: CORSRule = {
  AllowedOrigins: ["https://*.example.com"],
  AllowedMethods: ["GET", "PUT"],
  AllowedHeaders: ["x-amz-*", "content-type"],
  ExposeHeaders: ["ETag"],
  MaxAgeSeconds: 60,
};
const allow = (response: Response, name: string) => response.headers.get(`access-control-${name}`);

describe("a page of another origin", () => {
  const preflight = (Bucket: string, headers: Record<string, string>) =>
    world.anonymous("OPTIONS", `/${Bucket}/a`, {
      origin: "https://app.example.com",
      "access-control-request-method": "PUT",
      ...headers,
    });

  test("is let in by a rule that matches", async () => {
    const Bucket = await world.newBucket();
    await cors(Bucket, RULE);
    const answer = await preflight(Bucket, { "access-control-request-headers": "X-Amz-Date, Content-Type" });
    expect([
      answer.status,
      allow(answer, "allow-origin"),
      allow(answer, "allow-methods"),
      allow(answer, "allow-headers"),
      allow(answer, "max-age"),
      allow(answer, "allow-credentials"),
    ]).toEqual([200, "https://app.example.com", "GET, PUT", "x-amz-date, content-type", "60", "true"]);
  });
  test("is refused for another origin, method or header", async () => {
    const Bucket = await world.newBucket();
    await cors(Bucket, RULE);
    const refused = ["AccessForbidden", 403];
    expect(await refusal(preflight(Bucket, { origin: "https://evil.com" }))).toEqual(refused);
    expect(await refusal(preflight(Bucket, { "access-control-request-method": "DELETE" }))).toEqual(refused);
    expect(await refusal(preflight(Bucket, { "access-control-request-headers": "authorization" }))).toEqual(refused);
  });
  test("is refused by a bucket without rules", async () => {
    const Bucket = await world.newBucket();
    const answer = await preflight(Bucket, {});
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("CORS is not enabled for this bucket.");
  });
  test("is refused by a bucket that is not there", async () => {
    const answer = await preflight("nowhere-at-all", {});
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("CORSResponse: Bucket not found");
  });
  test("of a method that is none is BadRequest", async () => {
    const Bucket = await world.newBucket();
    expect(await refusal(preflight(Bucket, { "access-control-request-method": "FOO" }))).toEqual(["BadRequest", 400]);
  });
  test("that does not say what it wants is BadRequest", async () => {
    const Bucket = await world.newBucket();
    const bare = world.anonymous("OPTIONS", `/${Bucket}/a`, { origin: "https://app.example.com" });
    expect(await refusal(bare)).toEqual(["BadRequest", 400]);
  });
  test("sees the answer to its request, also when that is an error", async () => {
    const Bucket = await world.newBucket();
    await cors(Bucket, RULE);
    await world.put(Bucket, "a", "1");
    const origin = "https://app.example.com";
    const found = await world.raw("GET", `/${Bucket}/a`, { origin });
    expect([allow(found, "allow-origin"), allow(found, "expose-headers"), found.headers.get("vary")]).toEqual([
      origin,
      "ETag",
      "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
    ]);
    const lost = await world.raw("GET", `/${Bucket}/none`, { origin });
    expect([lost.status, allow(lost, "allow-origin")]).toEqual([404, origin]);
    const other = await world.raw("GET", `/${Bucket}/a`, { origin: "https://evil.com" });
    expect([other.status, allow(other, "allow-origin")]).toEqual([200, null]);
  });
  test("of any kind is let in by a star, without credentials", async () => {
    const Bucket = await world.newBucket();
    await cors(Bucket, { AllowedOrigins: ["*"], AllowedMethods: ["GET"] });
    await world.put(Bucket, "a", "1");
    const answer = await world.raw("GET", `/${Bucket}/a`, { origin: "https://a.b" });
    expect([allow(answer, "allow-origin"), allow(answer, "allow-credentials")]).toEqual(["*", null]);
  });
});

describe("a CORS configuration", () => {
  const refused = async (rule: object) => failure(cors(await world.newBucket(), { ...RULE, ...rule }));
  test("with a method that S3 does not have is InvalidRequest", async () =>
    expect(await refused({ AllowedMethods: ["PATCH"] })).toEqual(["InvalidRequest", 400]));
  test("with two stars in an origin is InvalidRequest", async () =>
    expect(await refused({ AllowedOrigins: ["https://*.*.com"] })).toEqual(["InvalidRequest", 400]));
  test("with a star in an exposed header is InvalidRequest", async () =>
    expect(await refused({ ExposeHeaders: ["x-*"] })).toEqual(["InvalidRequest", 400]));
});
