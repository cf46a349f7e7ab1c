import { gunzipSync } from "node:zlib";
import { pinnedWheel } from "../pinned-sources.ts";
import { zipFiles } from "../zip.ts";

const BOTOCORE = {
  name: "botocore",
  version: "1.44.5",
  sha256: "8f16a56d1dff125dd65322ae021efa7ba5195a6db5102b96862566055b748921",
};

/** botocore's description of one service, as far as the compiler reads it. */
export interface SourceModel {
  readonly metadata: SourceMetadata;
  readonly operations: Readonly<Record<string, SourceOperation>>;
  readonly shapes: Readonly<Record<string, SourceShape>>;
}

export interface SourceMetadata {
  readonly apiVersion: string;
  readonly serviceId: string;
  readonly endpointPrefix: string;
  readonly signingName?: string;
  readonly protocol: string;
  readonly protocols?: readonly string[];
  readonly jsonVersion?: string;
  readonly targetPrefix?: string;
  readonly xmlNamespace?: string;
  readonly awsQueryCompatible?: object;
}

export interface SourceOperation {
  readonly name: string;
  readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode?: number };
  readonly input?: SourceReference;
  readonly output?: SourceReference & { readonly resultWrapper?: string };
  readonly errors?: readonly SourceReference[];
  readonly endpoint?: { readonly hostPrefix?: string };
  readonly deprecated?: boolean;
  readonly authtype?: string;
  readonly auth?: readonly string[];
  readonly httpChecksumRequired?: boolean;
  readonly httpChecksum?: {
    readonly requestAlgorithmMember?: string;
    readonly requestChecksumRequired?: boolean;
    readonly requestValidationModeMember?: string;
    readonly responseAlgorithms?: readonly string[];
  };
}

/** Traits stand on the shape, on the reference to it, or on both; the reference wins. */
export interface SourceTraits {
  readonly location?: string;
  readonly locationName?: string;
  readonly queryName?: string;
  readonly flattened?: boolean;
  readonly xmlAttribute?: boolean;
  readonly xmlNamespace?: string | { readonly uri: string };
  readonly streaming?: boolean;
  readonly timestampFormat?: string;
  readonly jsonvalue?: boolean;
  readonly hostLabel?: boolean;
  readonly idempotencyToken?: boolean;
  readonly eventpayload?: boolean;
  readonly eventheader?: boolean;
  readonly exception?: boolean;
  readonly enum?: readonly string[];
  /** Set by the overlay: name in XML and forms; of a structure, its root element. */
  readonly xmlName?: string;
  readonly error?: { readonly code?: string; readonly httpStatusCode?: number; readonly senderFault?: boolean };
}

export interface SourceReference extends SourceTraits {
  readonly shape: string;
}

export interface SourceShape extends SourceTraits {
  readonly type: string;
  readonly members?: Readonly<Record<string, SourceReference>>;
  readonly required?: readonly string[];
  readonly member?: SourceReference;
  readonly key?: SourceReference;
  readonly value?: SourceReference;
  readonly payload?: string;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly sensitive?: boolean;
  readonly union?: boolean;
  readonly document?: boolean;
  readonly eventstream?: boolean;
  readonly event?: boolean;
  readonly sparse?: boolean;
  readonly fault?: boolean;
  /** Set by the overlay: code in the query protocol. */
  readonly queryCode?: string;
}

/** The newest version of every service, by its folder. The wheel is kept in `.cache/` and checked each time. */
export function readBotocore(): ReadonlyMap<string, SourceModel> {
  const files = zipFiles(pinnedWheel(BOTOCORE));
  const newest = new Map<string, string>();
  for (const path of [...files.keys()].sort()) {
    const [, id, version] = /^botocore\/data\/([^/]+)\/(\d{4}-\d\d-\d\d)\/service-2\.json\.gz$/.exec(path) ?? [];
    if (id !== undefined && version !== undefined) newest.set(id, `botocore/data/${id}/${version}`);
  }
  return new Map(
    [...newest].map(([id, folder]) => {
      const model = JSON.parse(gunzipSync(files.get(`${folder}/service-2.json.gz`)!()).toString()) as SourceModel;
      const extras = files.get(`${folder}/service-2.sdk-extras.json`);
      return [id, extras === undefined ? model : withExtras(model, JSON.parse(extras().toString()) as SourceExtras)];
    }),
  );
}

interface SourceExtras {
  readonly merge: { readonly metadata?: Partial<SourceMetadata> };
}

/**
 * botocore's patches of names are taken. Its patches of shapes are not: they serve the client and never travel
 * (`SourceRegion` is taken out before a request is sent; S3 keeps `Expires` as the text it was given).
 */
function withExtras(model: SourceModel, extras: SourceExtras): SourceModel {
  return { ...model, metadata: { ...model.metadata, ...extras.merge.metadata } };
}
