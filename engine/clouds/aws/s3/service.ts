import { DESTINATION_TEST, OBJECT_NEWS } from "../../../services/objects/service.ts";
import { awsService } from "../binding.ts";
import { accessLogObserver } from "./access-log/observer.ts";
import { answerAccelerated, isAcceleratedHost } from "./acceleration.ts";
import { isElsewhere, refuseElsewhere } from "./elsewhere.ts";
import { wireErrors } from "./errors.ts";
import { bucketDocumentBindings } from "./operations/bucket-documents.ts";
import { bucketSettingBindings } from "./operations/bucket-settings.ts";
import { bucketBindings } from "./operations/buckets.ts";
import { listingBindings } from "./operations/listings.ts";
import { objectSettingBindings } from "./operations/object-settings.ts";
import { objectBindings } from "./operations/objects.ts";
import { selectBindings } from "./operations/select.ts";
import { uploadBindings } from "./operations/uploads.ts";
import { deliverNews, deliverTest } from "./notifications.ts";
import { allowOrigin, answerPreflight } from "./origins.ts";
import { answerVisitor, isWebsiteHost } from "./website.ts";
import { resources } from "./resources.ts";

export const s3 = awsService({
  model: "s3",
  bound: [
    bucketBindings,
    bucketSettingBindings,
    bucketDocumentBindings,
    ...objectBindings,
    objectSettingBindings,
    selectBindings,
    listingBindings,
    uploadBindings,
  ],
  wireErrors,
  besides: {
    claims: (request) =>
      request.method === "OPTIONS"
      || isWebsiteHost(request.host)
      || isAcceleratedHost(request.host)
      || isElsewhere(request),
    answer: (request, calls, serve) => {
      if (isElsewhere(request)) return refuseElsewhere(request);
      if (isWebsiteHost(request.host)) return answerVisitor(request, calls, serve);
      if (request.method === "OPTIONS") return answerPreflight(request, calls);
      return answerAccelerated(request, calls, serve);
    },
  },
  allowOrigin,
  observer: accessLogObserver,
  events: { [OBJECT_NEWS]: deliverNews, [DESTINATION_TEST]: deliverTest },
  resources,
  ignoresPatterns: true,
  actedOnByProtocol: {
    ContentMD5: "compared with the bytes of a document while they are read; with those of an object by the service",
    ContentLength: "the HTTP body ends there, and a shorter one is refused",
  },
});
