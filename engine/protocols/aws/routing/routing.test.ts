import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import type { WireRequest } from "../../wire.ts";
import { codecFor } from "../codecs.ts";
import { createDispatch } from "../dispatch.ts";
import { loadAwsModel } from "../load-model.ts";
import type { AwsModel, AwsOperation } from "../model.ts";
import { modelIndex, speaks, type IndexRow } from "../model-index.ts";
import { isSettled } from "./precedence.ts";

const dispatch = createDispatch();
const { rows } = modelIndex();
const modelOf = (row: IndexRow) => loadAwsModel(row.id) as AwsModel;

function requestOf(parts: Partial<WireRequest>, signingName?: string, body = ""): WireRequest {
  const credential = `AWS4-HMAC-SHA256 Credential=AKIA/20300101/us-east-1/${signingName}/aws4_request, Signature=0`;
  return {
    method: "POST",
    path: "/",
    query: "",
    body: Readable.from([Buffer.from(body)]),
    isSecure: false,
    host: "127.0.0.1:4566",
    requestId: "r",
    ...parts,
    headers: { ...parts.headers, ...(signingName !== undefined && { authorization: credential }) },
  };
}

/** The request of a REST operation with nothing but what its route needs. */
function restRequestOf(operation: AwsOperation, signingName: string): WireRequest {
  const [path = "/", query = ""] = operation.uri.split("?");
  const headers: Record<string, string> = {};
  const keys = query === "" ? [] : [query];
  for (const name of operation.input?.required ?? []) {
    const member = operation.input?.members.get(name);
    if (member?.location === "header") headers[member.wireName.toLowerCase()] = "1";
    if (member?.location === "querystring") keys.push(`${member.wireName}=1`);
  }
  const filled = path.replaceAll(/\{[^}]+\}/g, "x1");
  return requestOf({ method: operation.method, path: filled, query: keys.join("&"), headers }, signingName);
}

/** Every operation that a request like `request` does not reach, as `owner < winner`. */
async function lostOf(
  candidates: readonly IndexRow[],
  request: (row: IndexRow, operation: AwsOperation) => WireRequest,
) {
  const lost: { readonly owner: string; readonly winner: string; readonly operation: string }[] = [];
  let operations = 0;
  for (const row of candidates) {
    for (const operation of modelOf(row).operations.values()) {
      operations++;
      const route = await dispatch(request(row, operation));
      if (route.model.id === row.id && route.operation.name === operation.name) continue;
      lost.push({ owner: row.id, winner: route.model.id, operation: operation.name });
    }
  }
  return { operations, lost, unsettled: lost.filter(({ owner, winner }) => !isSettled(owner, winner)) };
}

describe("a request with nothing but a signature reaches its operation, or the one that a rule names", () => {
  test("by target", async () => {
    const json = rows.filter((row) => speaks(row, "json") && row.targetPrefix !== undefined);
    const { operations, lost, unsettled } = await lostOf(json, (row, { name }) =>
      requestOf({ headers: { "x-amz-target": `${row.targetPrefix}.${name}` } }, row.signingName),
    );
    expect(unsettled).toEqual([]);
    expect(lost.map(({ owner, operation }) => `${owner}.${operation}`)).toEqual([
      "timestream-query.DescribeEndpoints",
      "timestream-query.ListTagsForResource",
      "timestream-query.TagResource",
      "timestream-query.UntagResource",
    ]);
    expect(operations).toBeGreaterThan(7000);
  });

  test("by action and version, signed and unsigned", async () => {
    const forms = rows.filter((row) => speaks(row, "query", "ec2"));
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    for (const isSigned of [true, false]) {
      const { lost, unsettled } = await lostOf(forms, (row, { name }) => {
        const signingName = isSigned ? row.signingName : undefined;
        return requestOf({ headers }, signingName, `Action=${name}&Version=${row.apiVersion}`);
      });
      expect(unsettled).toEqual([]);
      expect(new Set(lost.map(({ owner, winner }) => `${owner} < ${winner}`))).toEqual(
        new Set(["docdb < rds", "neptune < rds"]),
      );
    }
  });

  test("by path", async () => {
    const rest = rows.filter((row) => speaks(row, "rest-json", "rest-xml"));
    const { operations, lost, unsettled } = await lostOf(rest, (row, operation) => {
      const request = restRequestOf(operation, row.signingName);
      if (row.id !== "s3control") return request;
      return { ...request, headers: { ...request.headers, "x-amz-account-id": "111122223333" } };
    });
    // The SDK names this one in `x-id`, AWS by its host.
    expect(unsettled).toEqual([{ owner: "s3", winner: "s3", operation: "ListDirectoryBuckets" }]);
    expect({ operations, lost: lost.length }).toEqual({ operations: 10_588, lost: 106 });
  });
});

test("a host that names the service goes before every rule", async () => {
  const tags = { method: "GET", path: "/tags", host: "messaging-chime.us-east-1.amazonaws.com" };
  expect((await dispatch(requestOf(tags, "chime"))).model.id).toBe("chime-sdk-messaging");
  expect((await dispatch(requestOf({ ...tags, host: "localhost:4566" }, "chime"))).model.id).toBe("chime-sdk-voice");
});

describe("SQS at the address of a queue", () => {
  const parsed = async (parts: Partial<WireRequest>, signingName?: string) => {
    const request = requestOf({ path: "/111122223333/orders", ...parts }, signingName);
    const route = await dispatch(request);
    return [route.model.id, await codecFor(route.protocol).parse(route, request)];
  };
  const asked = { QueueUrl: "/111122223333/orders", AttributeNames: ["All"] };

  test.each(["Version=2012-11-05&", ""])("is the service and the queue that is asked (%s)", async (version) => {
    const query = `Action=GetQueueAttributes&${version}AttributeName.1=All`;
    expect(await parsed({ query })).toEqual(["sqs", asked]);
    expect(await parsed({ query }, "sqs")).toEqual(["sqs", asked]);
  });
  test("needs no number in a list of one", async () => {
    expect(await parsed({ query: "Action=GetQueueAttributes&AttributeName=All" })).toEqual(["sqs", asked]);
    const query = "Action=SetQueueAttributes&Attribute.Name=DelaySeconds&Attribute.Value=5";
    expect(await parsed({ query })).toEqual(["sqs", { QueueUrl: asked.QueueUrl, Attributes: { DelaySeconds: "5" } }]);
  });
  test("is another queue where the request names one", async () => {
    const query = "Action=DeleteQueue&QueueUrl=http://h/111122223333/others";
    expect(await parsed({ query })).toEqual(["sqs", { QueueUrl: "http://h/111122223333/others" }]);
  });
});

test("a bucket may be called as a path of S3 Control begins", async () => {
  const request = { method: "PUT", path: "/v20180820/configuration" };
  expect(await dispatch(requestOf(request, "s3"))).toMatchObject({
    model: { id: "s3" },
    operation: { name: "PutObject" },
  });
});
