import { brotliDecompressSync } from "node:zlib";
import { readShippedFile } from "../../platform/shipped-files.ts";
import type { Artefact, PackedOperation } from "./artefact.ts";
import { LazyMap } from "./lazy-map.ts";
import { modelIndex } from "./model-index.ts";
import type { AwsModel, AwsOperation, AwsProtocol, Shape, StructureShape } from "./model.ts";
import { ShapeExpander } from "./expand-shapes.ts";

const loaded = new Map<string, AwsModel>();

/**
 * The model of one service, read when first asked for and kept.
 * Shape:  operations and shapes are expanded one by one, as they are asked for
 * Errors: undefined when AWS has no service of this id
 * Why:    synchronous, since it takes a millisecond or two, once; a request that waits for it would gain nothing
 */
export function loadAwsModel(id: string): AwsModel | undefined {
  const known = loaded.get(id);
  if (known !== undefined || modelIndex().byId(id) === undefined) return known;
  const model = expand(readArtefact(id));
  loaded.set(id, model);
  return model;
}

/** The compact form as it is checked in. */
export function readArtefact(id: string): Artefact {
  return JSON.parse(brotliDecompressSync(readShippedFile(`models/aws/${id}.json.br`)).toString()) as Artefact;
}

/** A model from its compact form: what `loadAwsModel` returns, for tests with a model of their own. */
export function expand(artefact: Artefact): AwsModel {
  const { m, o, s } = artefact;
  const shapes = new ShapeExpander(s, m);
  const places = new Map<string, number>();
  for (const [place, shape] of s.entries()) if ("n" in shape) places.set(shape.n, place);
  const operations = new Map(Object.entries(o));
  return {
    id: m.id,
    apiVersion: m.apiVersion,
    serviceId: m.serviceId,
    endpointPrefix: m.endpointPrefix,
    signingName: m.signingName,
    protocols: m.protocols as readonly AwsProtocol[],
    jsonVersion: m.jsonVersion as AwsModel["jsonVersion"],
    targetPrefix: m.targetPrefix,
    xmlNamespace: m.xmlNamespace,
    isQueryCompatible: m.isQueryCompatible ?? false,
    operations: new LazyMap<AwsOperation>(operations, (name) => expandOperation(name, operations.get(name)!, shapes)),
    shapes: new LazyMap<Shape>(places, (name) => shapes.at(places.get(name)!)),
  };
}

/** Shapes wait until they are asked for: to route requests takes every operation of a service, but only its inputs. */
function expandOperation(name: string, packed: PackedOperation, shapes: ShapeExpander): AwsOperation {
  const structure = (place: number | undefined) =>
    place === undefined ? undefined : (shapes.at(place) as StructureShape);
  const { checksum } = packed;
  let errors: readonly StructureShape[] | undefined;
  return {
    name,
    method: packed.m ?? "POST",
    uri: packed.u ?? "/",
    status: packed.c ?? 200,
    get input() {
      return structure(packed.i);
    },
    get output() {
      return structure(packed.o);
    },
    resultWrapper: packed.w,
    get errors() {
      errors ??= (packed.e ?? []).map((place) => shapes.at(place) as StructureShape);
      return errors;
    },
    hostPrefix: packed.h,
    isDeprecated: packed.isDeprecated ?? false,
    isUnsigned: packed.isUnsigned ?? false,
    isUnwrapped: packed.isUnwrapped ?? false,
    checksum:
      checksum === undefined
        ? undefined
        : {
            requestAlgorithmMember: checksum.algorithmMember,
            isRequired: checksum.isRequired ?? false,
            requestValidationModeMember: checksum.validationModeMember,
            responseAlgorithms: checksum.responseAlgorithms,
          },
  };
}
