import { describe, expect, test } from "vitest";
import type { Artefact, PackedOperation } from "./artefact.ts";
import { AwsFailure } from "./codec.ts";
import { expand, loadAwsModel } from "./load-model.ts";
import { modelIndex, speaks } from "./model-index.ts";
import type { AwsOperation } from "./model.ts";
import { buildRestRoutes, type RestRoutes } from "./rest-routes.ts";

/** A service of the given routes: `GET /things/{id}`. */
function serviceWith(routes: Readonly<Record<string, string>>): RestRoutes {
  const operations = Object.entries(routes).map(([name, route]): [string, PackedOperation] => {
    const [m, u] = route.split(" ") as [string, string];
    return [name, { m, u }];
  });
  const artefact: Artefact = {
    m: {
      id: "things",
      apiVersion: "2030-01-01",
      serviceId: "Things",
      endpointPrefix: "things",
      signingName: "things",
      protocols: ["rest-json"],
    },
    o: Object.fromEntries(operations),
    s: [],
  };
  return buildRestRoutes(expand(artefact));
}

function route(routes: RestRoutes, request: string, headers: Record<string, string> = {}) {
  const [method, url] = request.split(" ") as [string, string];
  const [path, query = ""] = url.split("?") as [string, string?];
  const match = routes.match(method, path, query, headers);
  return match === undefined ? undefined : { operation: match.operation.name, ...match.labels };
}

/** A request that has what the operation's template and required members ask for. */
function requestFor(operation: AwsOperation) {
  const [path = "/", query = ""] = operation.uri.split("?");
  const labels: Record<string, string> = {};
  const filled = path.replace(/\{([^}+]+)(\+?)\}/g, (_, name: string, plus: string) => {
    labels[name] = plus === "" ? `${name} 1` : `${name}/1 2`;
    return encodeURI(labels[name]);
  });
  const headers: Record<string, string> = {};
  const keys = query === "" ? [] : [query];
  for (const name of operation.input?.required ?? []) {
    const member = operation.input!.members.get(name)!;
    if (member.location === "header") headers[member.wireName.toLowerCase()] = "1";
    if (member.location === "querystring") keys.push(`${member.wireName}=1`);
  }
  return { path: filled, query: keys.join("&"), headers, labels };
}

describe("the routes of S3", () => {
  const s3 = buildRestRoutes(loadAwsModel("s3")!);

  test.each([
    ["GET /", { operation: "ListBuckets" }],
    ["GET /?x-id=ListDirectoryBuckets", { operation: "ListDirectoryBuckets" }],
    ["PUT /photos", { operation: "CreateBucket", Bucket: "photos" }],
    ["PUT /photos/", { operation: "CreateBucket", Bucket: "photos" }],
    ["HEAD /photos", { operation: "HeadBucket", Bucket: "photos" }],
    ["GET /photos", { operation: "ListObjects", Bucket: "photos" }],
    ["GET /photos?prefix=a&delimiter=/", { operation: "ListObjects", Bucket: "photos" }],
    ["GET /photos?list-type=2&prefix=a", { operation: "ListObjectsV2", Bucket: "photos" }],
    ["GET /photos?location", { operation: "GetBucketLocation", Bucket: "photos" }],
    ["GET /photos?location=", { operation: "GetBucketLocation", Bucket: "photos" }],
    ["GET /photos?lifecycle", { operation: "GetBucketLifecycleConfiguration", Bucket: "photos" }],
    ["GET /photos?analytics", { operation: "ListBucketAnalyticsConfigurations", Bucket: "photos" }],
    ["GET /photos?analytics&id=daily", { operation: "GetBucketAnalyticsConfiguration", Bucket: "photos" }],
    ["POST /photos?delete", { operation: "DeleteObjects", Bucket: "photos" }],
    ["GET /photos/2030/a.jpg", { operation: "GetObject", Bucket: "photos", Key: "2030/a.jpg" }],
    ["GET /photos/2030/a.jpg?x-id=GetObject", { operation: "GetObject", Bucket: "photos", Key: "2030/a.jpg" }],
    ["GET /photos/a%20b%2Fc+d", { operation: "GetObject", Bucket: "photos", Key: "a b/c+d" }],
    ["GET /photos/folder/", { operation: "GetObject", Bucket: "photos", Key: "folder/" }],
    ["GET /photos//a", { operation: "GetObject", Bucket: "photos", Key: "/a" }],
    ["GET /photos/a?uploadId=1", { operation: "ListParts", Bucket: "photos", Key: "a" }],
    ["PUT /photos/a", { operation: "PutObject", Bucket: "photos", Key: "a" }],
    ["PUT /photos/a?acl", { operation: "PutObjectAcl", Bucket: "photos", Key: "a" }],
    ["PUT /photos/a?partNumber=1&uploadId=2", { operation: "UploadPart", Bucket: "photos", Key: "a" }],
    ["POST /photos/a?uploads", { operation: "CreateMultipartUpload", Bucket: "photos", Key: "a" }],
    ["POST /photos/a?uploadId=2", { operation: "CompleteMultipartUpload", Bucket: "photos", Key: "a" }],
    ["DELETE /photos/a?uploadId=2", { operation: "AbortMultipartUpload", Bucket: "photos", Key: "a" }],
    ["DELETE /photos/a", { operation: "DeleteObject", Bucket: "photos", Key: "a" }],
  ])("%s", (request, expected) => {
    expect(route(s3, request)).toEqual(expected);
  });

  test("a required header tells a copy from an upload", () => {
    const copying = { "x-amz-copy-source": "other/a" };
    expect(route(s3, "PUT /photos/a", copying)).toEqual({ operation: "CopyObject", Bucket: "photos", Key: "a" });
    expect(route(s3, "PUT /photos/a?partNumber=1&uploadId=2", copying)).toEqual({
      operation: "UploadPartCopy",
      Bucket: "photos",
      Key: "a",
    });
  });

  test("what S3 has no route for is not matched", () => {
    expect(route(s3, "POST /photos")).toBeUndefined();
    expect(route(s3, "PATCH /photos/a")).toBeUndefined();
  });

  test("broken percent-encoding is refused", () => {
    expect(() => route(s3, "GET /photos/a%ZZ")).toThrow(AwsFailure);
    expect(() => route(s3, "GET /photos/a%ZZ")).toThrow("InvalidURI: Couldn't parse the specified URI.");
  });
});

describe("routes in general", () => {
  test("a literal segment goes before a label, and a label before a greedy one", () => {
    const routes = serviceWith({
      ListThings: "GET /things",
      GetNewest: "GET /things/newest",
      GetThing: "GET /things/{id}",
      GetParts: "GET /things/{id}/parts",
      GetPolicy: "GET /things/{path+}/policy",
      GetAny: "GET /things/{path+}",
      GetPartOfNewest: "POST /things/{id}/{part}",
    });
    expect(route(routes, "GET /things/")).toEqual({ operation: "ListThings" });
    expect(route(routes, "GET /things/newest")).toEqual({ operation: "GetNewest" });
    expect(route(routes, "GET /things/1")).toEqual({ operation: "GetThing", id: "1" });
    expect(route(routes, "GET /things/newest/parts")).toEqual({ operation: "GetParts", id: "newest" });
    expect(route(routes, "GET /things/a/b/policy")).toEqual({ operation: "GetPolicy", path: "a/b" });
    expect(route(routes, "GET /things/a/b/c")).toEqual({ operation: "GetAny", path: "a/b/c" });
    expect(route(routes, "POST /things/newest/1")).toEqual({ operation: "GetPartOfNewest", id: "newest", part: "1" });
  });

  test("a query value of the template must be met", () => {
    const routes = serviceWith({
      Start: "POST /jobs?operation=start",
      Stop: "POST /jobs?operation=stop",
      Create: "POST /jobs",
    });
    expect(route(routes, "POST /jobs?operation=stop")).toEqual({ operation: "Stop" });
    expect(route(routes, "POST /jobs?operation=pause")).toEqual({ operation: "Create" });
  });

  test("two operations with one route stop the start, with both names", () => {
    expect(() => serviceWith({ First: "GET /things/{id}", Second: "GET /things/{name}" })).toThrow(
      "things: First and Second both own GET /things/{}",
    );
  });

  test("a request that lacks a required query member still finds its operation", () => {
    const routes = buildRestRoutes(loadAwsModel("lambda")!);
    expect(route(routes, "DELETE /2017-03-31/tags/arn%3Aaws%3Alambda")).toEqual({
      operation: "UntagResource",
      Resource: "arn:aws:lambda",
    });
  });
});

describe("every REST service", () => {
  const rows = modelIndex().rows.filter((row) => speaks(row, "rest-json", "rest-xml"));

  test("finds each of its operations, with its labels, and no route has two owners", () => {
    const lost: string[] = [];
    let operations = 0;
    for (const { id } of rows) {
      const model = loadAwsModel(id)!;
      const routes = buildRestRoutes(model);
      for (const operation of model.operations.values()) {
        operations++;
        const { path, query, headers, labels } = requestFor(operation);
        const match = routes.match(operation.method, path, query, headers);
        const found =
          match?.operation.name === operation.name && JSON.stringify(match.labels) === JSON.stringify(labels);
        if (!found) lost.push(`${id} ${operation.name}`);
      }
    }
    expect(lost).toEqual(["s3 ListDirectoryBuckets"]);
    expect({ services: rows.length, operations }).toEqual({ services: 265, operations: 10_588 });
  });
});
