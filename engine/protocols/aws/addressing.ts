/** Hosts under which the engine itself is reached, beside IP addresses. */
const OWN_DOMAIN = /(?:^|\.)(?:localhost|localhost\.localstack\.cloud|amazonaws\.com(?:\.cn)?)$/;
/** Bucket, then the label of S3, then perhaps a region, then the domain. */
const S3_HOST = new RegExp(
  String.raw`^(?:(.+)\.)?(s3|s3express|s3(?:express)?-[a-z0-9-]+)\.(?:[a-z0-9-]+\.)*?` +
    String.raw`(?:localhost|localhost\.localstack\.cloud|amazonaws\.com(?:\.cn)?)$`,
);
const BARE_BUCKET = /^(.+)\.(?:localhost|localhost\.localstack\.cloud)$/;

export interface HostFacts {
  /** The first label before the region, e.g. `sqs` in `sqs.eu-west-1.amazonaws.com`. */
  readonly servicePrefix?: string;
  /** The bucket that a virtual-host style address names. */
  readonly bucket?: string;
}

const NOTHING: HostFacts = {};
const CACHE_MAX = 1024;
const known = new Map<string, HostFacts>();

/** What a host says about service and bucket. `isService` tells service prefixes from buckets in `<name>.localhost`. */
export function hostFacts(host: string, isService: (label: string) => boolean): HostFacts {
  const cached = known.get(host);
  if (cached !== undefined) return cached;
  const facts = read(host.toLowerCase().replace(/:\d+$/, ""), isService);
  // Hosts come from clients: the cache must not grow with them.
  if (known.size >= CACHE_MAX) known.clear();
  known.set(host, facts);
  return facts;
}

function read(name: string, isService: (label: string) => boolean): HostFacts {
  if (!OWN_DOMAIN.test(name)) return NOTHING;
  const s3 = S3_HOST.exec(name);
  if (s3?.[2] === "s3-control") return { servicePrefix: "s3-control" };
  if (s3 !== null) return { servicePrefix: "s3", bucket: s3[1] };
  const label = name.slice(0, name.indexOf("."));
  if (name.includes(".") && isService(label) && name !== "localhost.localstack.cloud") return { servicePrefix: label };
  const bucket = BARE_BUCKET.exec(name)?.[1];
  return bucket === undefined || name === "localhost.localstack.cloud" ? NOTHING : { servicePrefix: "s3", bucket };
}
