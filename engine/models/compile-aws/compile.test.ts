import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { expand } from "../../protocols/aws/load-model.ts";
import type { StructureShape } from "../../protocols/aws/model.ts";
import type { SourceModel } from "./botocore.ts";
import { compile } from "./compile.ts";
import { overlayOf } from "./overlay.ts";
import { repair } from "./repairs.ts";
import { zipFiles } from "../zip.ts";

/** A service in botocore's words. */
function source(parts: Partial<SourceModel>, metadata: Partial<SourceModel["metadata"]> = {}): SourceModel {
  return {
    metadata: {
      apiVersion: "2030-01-01",
      serviceId: "Things",
      endpointPrefix: "things",
      protocol: "json",
      ...metadata,
    },
    operations: {},
    shapes: {},
    ...parts,
  };
}
const compiled = (id: string, model: SourceModel, overlay?: Parameters<typeof repair>[2]) =>
  compile(id, repair(id, model, overlay));

describe("compiling a service", () => {
  test("keeps facts, drops prose, and leaves out what has its usual value", () => {
    const artefact = compiled(
      "things",
      source({
        operations: { Get: { name: "Get", http: { method: "POST", requestUri: "/" }, input: { shape: "GetRequest" } } },
        shapes: {
          GetRequest: {
            type: "structure",
            required: ["Id"],
            members: { Id: { shape: "Id" }, Other: { shape: "Name" } },
          },
          Id: { type: "string", max: 5 },
          Name: { type: "string", max: 5 },
        },
      }),
    );
    expect(artefact).toEqual({
      m: {
        id: "things",
        apiVersion: "2030-01-01",
        serviceId: "Things",
        endpointPrefix: "things",
        signingName: "things",
        protocols: ["json"],
        jsonVersion: "1.0",
      },
      o: { Get: { i: 0 } },
      // Id and Name are equal, so they are one shape.
      s: [
        { n: "GetRequest", m: { Id: 1, Other: 1 }, r: ["Id"] },
        { t: "string", z: 5 },
      ],
    });
  });

  test("is the same, byte for byte, each time", () => {
    const model = source({ shapes: { A: { type: "structure", exception: true, members: { a: { shape: "A" } } } } });
    expect(JSON.stringify(compiled("things", model))).toBe(JSON.stringify(compiled("things", model)));
  });

  test("orders protocols as current SDKs prefer them", () => {
    const metadata = {
      protocol: "smithy-rpc-v2-cbor",
      protocols: ["smithy-rpc-v2-cbor", "query", "json"],
      jsonVersion: "1.1",
    };
    expect(compiled("things", source({}, metadata)).m).toMatchObject({
      protocols: ["json", "rpc-v2-cbor", "query"],
      jsonVersion: "1.1",
    });
  });

  test("refuses a protocol or a shape that it does not know", () => {
    expect(() => compiled("things", source({}, { protocol: "telegraph" }))).toThrow(
      "telegraph of things is a protocol we know",
    );
    const operations = { Get: { name: "Get", http: { method: "GET", requestUri: "/" }, input: { shape: "Gone" } } };
    expect(() => compiled("things", source({ operations }))).toThrow("things has the shape Gone that it refers to");
  });

  test("a flattened list is named by its members in XML", () => {
    const model = source(
      {
        shapes: {
          Fault: { type: "structure", exception: true, members: { Names: { shape: "Names" } } },
          Names: { type: "list", flattened: true, member: { shape: "Name", locationName: "Name" } },
          Name: { type: "string" },
        },
      },
      { protocol: "query" },
    );
    const fault = expand(compiled("things", model)).shapes.get("Fault") as StructureShape;
    expect(fault.members.get("Names")).toMatchObject({ wireName: "Names", xmlName: "Name", isFlattened: true });
  });
});

describe("repairs", () => {
  test("the overlay gives names, root elements and codes back", () => {
    const model = source(
      {
        operations: {
          CreateQueue: { name: "CreateQueue", http: { method: "POST", requestUri: "/" }, output: { shape: "Made" } },
        },
        shapes: {
          Made: { type: "structure", members: { Urls: { shape: "Urls" } } },
          Urls: { type: "list", member: { shape: "Url" } },
          Url: { type: "string" },
          Gone: { type: "structure", exception: true, members: {} },
        },
      },
      { awsQueryCompatible: {} },
    );
    const sqs = expand(
      compiled("sqs", model, {
        roots: { Made: "MadeRoot" },
        members: { Made: { Urls: { name: "Url", isFlattened: true } } },
        errors: { Gone: { queryCode: "Old.Gone", status: 404 } },
      }),
    );
    expect(sqs).toMatchObject({
      protocols: ["json", "query"],
      xmlNamespace: "http://queue.amazonaws.com/doc/2012-11-05/",
    });
    expect(sqs.operations.get("CreateQueue")!.resultWrapper).toBe("CreateQueueResult");
    const made = sqs.shapes.get("Made") as StructureShape;
    expect(made.xmlName).toBe("MadeRoot");
    expect(made.members.get("Urls")).toMatchObject({ wireName: "Urls", xmlName: "Url", isFlattened: true });
    expect((sqs.shapes.get("Gone") as StructureShape).error).toEqual({
      code: "Gone",
      queryCode: "Old.Gone",
      status: 404,
      fault: "client",
    });
  });

  test("an overlay that speaks of a shape which is gone stops the compiler", () => {
    const overlay = { roots: {}, members: { Gone: { A: { name: "B" } } }, errors: {} };
    expect(() => repair("sqs", source({}), overlay)).toThrow("sqs still has the shape Gone that the overlay speaks of");
  });
});

describe("reading the SDK's schemas", () => {
  test("finds the traits of structures, lists, maps and errors behind every operation", () => {
    const urls = [1, "ns", "Urls", 0, [0, { xmlName: "Url" }]];
    const attributes = [2, "ns", "Attributes", 0, [0, { xmlName: "Name" }], [0, { xmlName: "Value" }]];
    const input = [
      3,
      "ns",
      "Input",
      { xmlName: "Root" },
      ["Urls", "Attributes", "Self"],
      [[() => urls, { xmlFlattened: 1, xmlName: "Url" }], () => attributes, () => input],
    ] as unknown[];
    const error = [-3, "ns", "Gone", { awsQueryError: ["Old.Gone", 404] }, [], []];
    expect(overlayOf([[9, "ns", "Do", 0, () => input, () => input], error])).toEqual({
      roots: { Input: "Root" },
      members: {
        Input: { Urls: { name: "Url", isFlattened: true } },
        Urls: { member: { name: "Url" } },
        Attributes: { key: { name: "Name" }, value: { name: "Value" } },
      },
      errors: { Gone: { queryCode: "Old.Gone", status: 404 } },
    });
  });
});

/** A zip archive of one file. */
function zipOf(name: string, content: string): Buffer {
  const packed = deflateRawSync(content);
  const local = Buffer.alloc(30);
  local.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(local.length + name.length + packed.length, 16);
  return Buffer.concat([local, Buffer.from(name), packed, entry, Buffer.from(name), end]);
}

describe("reading a wheel", () => {
  test("unpacks its files by name", () => {
    const files = zipFiles(zipOf("data/sqs.json", "a".repeat(1000)));
    expect([...files.keys()]).toEqual(["data/sqs.json"]);
    expect(files.get("data/sqs.json")!().toString()).toBe("a".repeat(1000));
  });

  test("refuses what is no archive", () => {
    expect(() => zipFiles(Buffer.from("plain text, and more than twenty-two bytes of it"))).toThrow(
      "a zip archive ends with its directory",
    );
  });
});
