import type { Codec } from "./codec.ts";
import { cborCodec } from "./cbor/cbor-codec.ts";
import { ec2Codec, queryCodec } from "./form/form-codecs.ts";
import { jsonCodec } from "./json/json-codec.ts";
import type { AwsProtocol } from "./model.ts";
import { restJsonCodec } from "./rest/rest-json-codec.ts";
import { restXmlCodec } from "./rest/rest-xml-codec.ts";

const CODECS: Readonly<Record<AwsProtocol, Codec>> = {
  "json": jsonCodec,
  "rest-json": restJsonCodec,
  "rest-xml": restXmlCodec,
  "query": queryCodec,
  "ec2": ec2Codec,
  "rpc-v2-cbor": cborCodec,
};

export function codecFor(protocol: AwsProtocol): Codec {
  return CODECS[protocol];
}
