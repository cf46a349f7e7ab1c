import { describe, expect, test } from "vitest";
import type { Artefact } from "./artefact.ts";
import { LazyMap } from "./lazy-map.ts";
import { expand, loadAwsModel, readArtefact } from "./load-model.ts";
import { modelIndex, speaks } from "./model-index.ts";
import type { AwsModel, AwsProtocol, Member, Shape, StructureShape } from "./model.ts";

const model = (id: string): AwsModel => loadAwsModel(id)!;
const structure = (id: string, name: string) => model(id).shapes.get(name) as StructureShape;
const input = (id: string, operation: string, member: string): Member =>
  model(id).operations.get(operation)!.input!.members.get(member)!;
const output = (id: string, operation: string, member: string): Member =>
  model(id).operations.get(operation)!.output!.members.get(member)!;

const ids = (rows: readonly { id: string }[]) => rows.map((row) => row.id);
const count = (protocol: AwsProtocol) => modelIndex().rows.filter((row) => speaks(row, protocol)).length;

/** Every shape that can be reached from here. */
function reach(from: Shape | undefined, seen: Set<Shape>): void {
  if (from === undefined || seen.has(from)) return;
  seen.add(from);
  if (from.type === "structure") for (const member of from.members.values()) reach(member.shape, seen);
  if (from.type === "list") reach(from.member, seen);
  if (from.type === "map") {
    reach(from.key, seen);
    reach(from.value, seen);
  }
}

describe("the models", () => {
  test("cover every AWS service and operation", () => {
    const { rows } = modelIndex();
    const operations = rows.reduce((sum, row) => sum + row.operations, 0);
    expect({ services: rows.length, operations }).toEqual({ services: 439, operations: 19_792 });
  });

  test("load and resolve, every operation with its input, output and errors", () => {
    const faults: string[] = [];
    let operations = 0;
    for (const row of modelIndex().rows) {
      const { id, ...loaded } = model(row.id);
      const seen = new Set<Shape>();
      if (loaded.operations.size !== row.operations) faults.push(`${id}: ${loaded.operations.size} operations`);
      for (const operation of loaded.operations.values()) {
        operations++;
        for (const shape of [operation.input, operation.output, ...operation.errors]) {
          if (shape !== undefined && shape.type !== "structure")
            faults.push(`${id}.${operation.name}: not a structure`);
          reach(shape, seen);
        }
        if (operation.errors.some((error) => error.error === undefined))
          faults.push(`${id}.${operation.name}: no error`);
      }
      for (const shape of seen) {
        if (shape.type !== "structure") continue;
        for (const name of shape.required) if (!shape.members.has(name)) faults.push(`${id} ${shape.name}.${name}`);
        if (shape.payload !== undefined && !shape.members.has(shape.payload))
          faults.push(`${id} ${shape.name} payload`);
      }
    }
    expect(faults).toEqual([]);
    expect(operations).toBe(19_792);
  }, 60_000);

  test("hold no documentation", () => {
    const withProse = modelIndex().rows.filter(({ id }) => JSON.stringify(readArtefact(id)).includes("</p>"));
    expect(withProse).toEqual([]);
  });

  test("are read once, and only those of services that AWS has", () => {
    expect(loadAwsModel("sqs")).toBe(loadAwsModel("sqs"));
    expect(loadAwsModel("no-such-service")).toBeUndefined();
    expect(loadAwsModel("../aws/sqs")).toBeUndefined();
  });
});

describe("SQS", () => {
  test("answers JSON and, for old clients, query", () => {
    expect(model("sqs")).toMatchObject({
      protocols: ["json", "query"],
      jsonVersion: "1.0",
      targetPrefix: "AmazonSQS",
      isQueryCompatible: true,
      xmlNamespace: "http://queue.amazonaws.com/doc/2012-11-05/",
    });
  });

  test("has one name in JSON and another in query", () => {
    expect(input("sqs", "CreateQueue", "Attributes")).toMatchObject({
      wireName: "Attributes",
      xmlName: "Attribute",
      isFlattened: true,
      shape: { keyWireName: "Name", valueWireName: "Value" },
    });
    expect(input("sqs", "SendMessageBatch", "Entries").xmlName).toBe("SendMessageBatchRequestEntry");
    expect(output("sqs", "ReceiveMessage", "Messages")).toMatchObject({ xmlName: "Message", isFlattened: true });
    expect(output("sqs", "ListQueues", "QueueUrls")).toMatchObject({ wireName: "QueueUrls", xmlName: "QueueUrl" });
    expect(output("sqs", "ListQueueTags", "Tags")).toMatchObject({ xmlName: "Tag", shape: { keyWireName: "Key" } });
  });

  test("wraps its query results, and names its errors as it did then", () => {
    expect(model("sqs").operations.get("GetQueueUrl")!.resultWrapper).toBe("GetQueueUrlResult");
    expect(model("sqs").operations.get("DeleteQueue")!.resultWrapper).toBeUndefined();
    expect(structure("sqs", "QueueDoesNotExist").error).toEqual({
      code: "QueueDoesNotExist",
      queryCode: "AWS.SimpleQueueService.NonExistentQueue",
      status: 400,
      fault: "client",
    });
    expect(structure("sqs", "OverLimit").error).toMatchObject({ code: "OverLimit", status: 403 });
  });
});

describe("S3", () => {
  test("has the root elements and the namespace that botocore lacks", () => {
    expect(model("s3").xmlNamespace).toBe("http://s3.amazonaws.com/doc/2006-03-01/");
    const roots = ["ListBuckets", "ListObjectsV2", "CreateMultipartUpload", "DeleteObjects", "GetBucketVersioning"].map(
      (name) => model("s3").operations.get(name)!.output!.xmlName,
    );
    expect(roots).toEqual([
      "ListAllMyBucketsResult",
      "ListBucketResult",
      "InitiateMultipartUploadResult",
      "DeleteResult",
      "VersioningConfiguration",
    ]);
  });

  test("names a payload by its root element", () => {
    expect(input("s3", "CompleteMultipartUpload", "MultipartUpload").wireName).toBe("CompleteMultipartUpload");
    expect(output("s3", "GetPublicAccessBlock", "PublicAccessBlockConfiguration").wireName).toBe(
      "PublicAccessBlockConfiguration",
    );
  });

  test("has lost the operations that others have replaced", () => {
    expect(
      ["GetBucketLifecycle", "PutBucketLifecycle", "GetBucketNotification", "PutBucketNotification"].filter((name) =>
        model("s3").operations.has(name),
      ),
    ).toEqual([]);
    expect(model("s3").operations.size).toBe(112);
  });

  test("says where checksums travel", () => {
    expect(model("s3").operations.get("DeleteObjects")!.checksum).toMatchObject({
      requestAlgorithmMember: "ChecksumAlgorithm",
      isRequired: true,
    });
    expect(model("s3").operations.get("PutObject")!.checksum).toMatchObject({
      requestAlgorithmMember: "ChecksumAlgorithm",
      isRequired: false,
    });
    expect(model("s3").operations.get("GetObject")!.checksum).toMatchObject({
      requestValidationModeMember: "ChecksumMode",
    });
  });

  test("streams bodies, writes attributes and sends a bare location", () => {
    expect(input("s3", "PutObject", "Body")).toMatchObject({ isStreaming: true, shape: { type: "blob" } });
    expect(model("s3").operations.get("PutObject")!.input!.payload).toBe("Body");
    expect(structure("s3", "Grantee").members.get("Type")).toMatchObject({
      wireName: "xsi:type",
      isXmlAttribute: true,
    });
    expect(model("s3").operations.get("GetBucketLocation")!.isUnwrapped).toBe(true);
    expect(input("s3", "PutObject", "Metadata")).toMatchObject({ location: "headers", wireName: "x-amz-meta-" });
    expect(structure("s3", "SelectObjectContentEventStream")).toMatchObject({ isEventStream: true });
    expect(structure("s3", "SelectObjectContentEventStream").members.get("Records")!.isEvent).toBe(true);
  });
});

describe("other services", () => {
  test("ec2 capitalises the names of its responses in requests, unless it says otherwise", () => {
    expect(model("ec2").protocols).toEqual(["ec2"]);
    expect(input("ec2", "DescribeVpcs", "Filters")).toMatchObject({ wireName: "Filter", queryName: undefined });
    expect(input("ec2", "DescribeVpcs", "DryRun")).toMatchObject({ wireName: "dryRun", queryName: "DryRun" });
    expect(structure("ec2", "InstanceNetworkInterfaceSpecification").members.get("PrivateIpAddresses")).toMatchObject({
      wireName: "privateIpAddressesSet",
      queryName: "PrivateIpAddresses",
    });
    expect(output("ec2", "DescribeVpcs", "Vpcs")).toMatchObject({
      wireName: "vpcSet",
      shape: { memberWireName: "item" },
    });
  });

  test("CloudWatch answers JSON, CBOR and query, with the codes of each", () => {
    expect(model("cloudwatch").protocols).toEqual(["json", "rpc-v2-cbor", "query"]);
    expect(structure("cloudwatch", "InvalidParameterValueException").error).toEqual({
      code: "InvalidParameterValueException",
      queryCode: "InvalidParameterValue",
      status: 400,
      fault: "client",
    });
  });

  test("an error's wire code may differ from its shape", () => {
    expect(structure("sns", "NotFoundException").error).toMatchObject({ code: "NotFound", status: 404 });
    expect(structure("sns", "InternalErrorException").error).toMatchObject({ code: "InternalError", fault: "server" });
  });

  test("timestamps say their format where it is not the protocol's own", () => {
    expect(structure("s3", "ObjectLockRetention").members.get("RetainUntilDate")!.timestampFormat).toBe("iso8601");
    expect(structure("dynamodb", "TableDescription").members.get("CreationDateTime")!.timestampFormat).toBeUndefined();
    expect(input("s3", "GetObject", "IfModifiedSince").timestampFormat).toBeUndefined();
  });

  test("a shape may contain itself", () => {
    const value = structure("dynamodb", "AttributeValue");
    expect(value.members.get("M")!.shape).toMatchObject({ type: "map" });
    expect((value.members.get("L")!.shape as { member: Shape }).member).toBe(value);
  });

  test("host prefixes, unsigned operations and constraints are kept", () => {
    expect(model("stepfunctions").operations.get("StartSyncExecution")!.hostPrefix).toBe("sync-");
    expect(model("s3control").operations.get("GetAccessPoint")).toMatchObject({ uri: "/v20180820/accesspoint/{name}" });
    expect(model("sts").operations.get("AssumeRoleWithWebIdentity")!.isUnsigned).toBe(true);
    expect(model("sts").operations.get("GetCallerIdentity")!.isUnsigned).toBe(false);
    expect(input("lambda", "CreateFunction", "FunctionName").shape).toMatchObject({
      min: 1,
      max: expect.any(Number),
      pattern: expect.any(String),
    });
    expect(model("route53").operations.get("CreateHostedZone")).toMatchObject({ status: 201, method: "POST" });
  });
});

describe("the index", () => {
  test("finds services by target prefix, signing name, query version and host", () => {
    const index = modelIndex();
    expect(ids(index.byTargetPrefix("DynamoDB_20120810"))).toEqual(["dynamodb"]);
    expect(ids(index.byTargetPrefix("Timestream_20181101"))).toEqual(["timestream-query", "timestream-write"]);
    expect(ids(index.bySigningName("elasticloadbalancing"))).toEqual(["elb", "elbv2"]);
    expect(ids(index.byQueryVersion("2011-06-15"))).toEqual(["sts"]);
    expect(ids(index.byEndpointPrefix("monitoring"))).toEqual(["cloudwatch"]);
    expect(ids(index.bySigningName("nobody"))).toEqual([]);
  });

  test("says of each service what its model says", () => {
    const differing = modelIndex().rows.filter((row) => {
      const { id, apiVersion, signingName, protocols } = model(row.id);
      return (
        JSON.stringify([id, apiVersion, signingName, protocols]) !==
        JSON.stringify([row.id, row.apiVersion, row.signingName, row.protocols])
      );
    });
    expect(differing).toEqual([]);
  });

  test("counts the services of each protocol", () => {
    expect({
      json: count("json"),
      restJson: count("rest-json"),
      restXml: count("rest-xml"),
      cbor: count("rpc-v2-cbor"),
      query: count("query"),
      ec2: count("ec2"),
    }).toEqual({ json: 153, restJson: 261, restXml: 4, cbor: 44, query: 19, ec2: 1 });
  });
});

describe("laziness", () => {
  test("an operation and its shapes are expanded when they are asked for, and once", () => {
    const read: string[] = [];
    // Tells which shapes are looked at: an artefact whose list of shapes says so.
    const shapes = ["First", "Second"].map((name) => ({
      n: name,
      get m() {
        read.push(name);
        return {};
      },
    }));
    const artefact: Artefact = {
      m: { id: "x", apiVersion: "1", serviceId: "X", endpointPrefix: "x", signingName: "x", protocols: ["json"] },
      o: { DoFirst: { i: 0 }, DoSecond: { i: 1 } },
      s: shapes,
    };
    const loaded = expand(artefact);
    expect([...loaded.operations.keys()]).toEqual(["DoFirst", "DoSecond"]);
    expect(read).toEqual([]);
    expect(loaded.operations.get("DoSecond")).toBe(loaded.operations.get("DoSecond"));
    expect(read).toEqual([]);
    expect(loaded.operations.get("DoSecond")!.input).toBe(loaded.operations.get("DoSecond")!.input);
    expect(read).toEqual(["Second"]);
  });

  test("a lazy map makes each value once and behaves as a map", () => {
    const made: string[] = [];
    const map = new LazyMap(
      new Map([
        ["a", 0],
        ["b", 0],
      ]),
      (key) => {
        made.push(key);
        return key.toUpperCase();
      },
    );
    expect([map.size, map.has("a"), map.has("z"), map.get("z")]).toEqual([2, true, false, undefined]);
    expect(made).toEqual([]);
    expect([map.get("b"), map.get("b")]).toEqual(["B", "B"]);
    expect([...map]).toEqual([
      ["a", "A"],
      ["b", "B"],
    ]);
    expect([...map.values()]).toEqual(["A", "B"]);
    const visited: string[] = [];
    map.forEach((value, key) => visited.push(`${key}=${value}`));
    expect(visited).toEqual(["a=A", "b=B"]);
    expect(made).toEqual(["b", "a"]);
  });
});
