import { credentialOf } from "../../../../protocols/aws/credential.ts";
import { identityOf } from "../../../../protocols/aws/identity.ts";
import { s3PlaceOf } from "../../../../protocols/aws/s3-place.ts";
import type { WireRequest, WireResponse } from "../../../../protocols/wire.ts";
import type { Calls } from "../../../../services/calls.ts";
import { LOGGED_BUCKETS, mayBeAccessPoint, objects } from "../../../../services/objects/service.ts";
import type { ObserverParts, RequestObserver } from "../../binding.ts";
import { copyPlaceOf } from "../copy-sources.ts";
import { DEFAULT_SCOPE, isWebsiteHost, websiteBucketOf } from "../website.ts";
import { lineOf, type Answered } from "./line.ts";

/** Which buckets log, without a look into the store for those that do not. */
class LoggedBuckets {
  readonly #calls: Calls;
  /** Undefined from each change to the next look. */
  #names: ReadonlySet<string> | undefined;
  #changes = 0;
  #isWatching = false;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** Nearly always so: nobody's request needs a closer look. */
  get isEmpty(): boolean {
    return this.#names?.size === 0;
  }

  mayHold(bucket: string): boolean {
    return this.#names === undefined || this.#names.has(bucket) || mayBeAccessPoint(bucket);
  }

  async look(): Promise<void> {
    if (this.#names) return;
    if (!this.#isWatching) {
      this.#isWatching = true;
      this.#calls.store.watch(LOGGED_BUCKETS, () => {
        this.#changes += 1;
        this.#names = undefined;
      });
    }
    const before = this.#changes;
    const { buckets } = await this.#calls.call(objects, "listLoggedBuckets", {}, DEFAULT_SCOPE);
    if (before === this.#changes) this.#names = new Set(buckets);
  }
}

type Place = Pick<Answered, "key" | "isWebsite" | "isCopied"> & { readonly bucket: string };

function visitedPlace(request: WireRequest): Place | undefined {
  if (!isWebsiteHost(request.host)) {
    const place = s3PlaceOf(request);
    return place && { ...place, isWebsite: false, isCopied: false };
  }
  const bucket = websiteBucketOf(request.host);
  if (bucket === undefined) return undefined;
  const { key = "" } = s3PlaceOf({ host: "localhost", path: `/-${request.path}` }) ?? {};
  return { bucket, key, isWebsite: true, isCopied: false };
}

/** Which buckets a request is about: the one it is sent to, and the one that it copies from. */
function placesOf(request: WireRequest): Place[] {
  const copied = request.headers["x-amz-copy-source"];
  const source = copied === undefined ? undefined : copyPlaceOf(copied);
  const places = [visitedPlace(request), source && { ...source, isWebsite: false, isCopied: true }];
  return places.filter((place) => place !== undefined);
}

/** `aws`: a request that could not be placed, and that names a bucket. */
const isOfS3 = ({ operation = "aws" }: WireResponse): boolean => operation === "aws" || operation.startsWith("s3.");

async function keep(calls: Calls, bucket: string, answered: Answered): Promise<void> {
  const { request } = answered;
  const { region } = identityOf(request, credentialOf(request));
  const { log } = await calls.call(objects, "findAccessLog", { bucket }, { ...DEFAULT_SCOPE, region });
  if (!log) return;
  const text = lineOf(log, answered);
  await calls.call(objects, "keepAccessRecord", { bucket: log.bucket, text }, { account: log.account, region });
}

/** Keeps a record of every request to a bucket whose access is logged, before its answer goes out. */
export function accessLogObserver({ calls, clock, log }: ObserverParts): RequestObserver {
  const logged = new LoggedBuckets(calls);
  return (request) => {
    if (logged.isEmpty) return undefined;
    const places = placesOf(request).filter(({ bucket }) => logged.mayHold(bucket));
    if (places.length === 0) return undefined;
    const startMs = clock.nowMs();
    return async (response) => {
      if (!isOfS3(response)) return;
      try {
        await logged.look();
        const durationMs = clock.nowMs() - startMs;
        for (const { bucket, ...place } of places)
          if (logged.mayHold(bucket)) await keep(calls, bucket, { ...place, request, response, startMs, durationMs });
      } catch (problem) {
        // What the client asked for was done, so it hears that; the log alone is short of a record.
        const facts = { requestId: request.requestId, path: request.path, problem: String(problem) };
        log.error(facts, "a request is missing in its bucket's access log");
      }
    };
  };
}
