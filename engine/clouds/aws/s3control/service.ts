import { awsService } from "../binding.ts";
import { wireErrors } from "./errors.ts";
import { accessPointOperations } from "./operations/access-points.ts";
import { multiRegionOperations } from "./operations/multi-region.ts";
import { storageLensOperations } from "./operations/storage-lens.ts";
import { grantOperations, instanceOperations, locationOperations } from "./operations/access-grants.ts";
import { resources } from "./resources.ts";

/** Amazon S3 Control on the services of objects and grants: what belongs to an account rather than to a bucket. */
export const s3control = awsService({
  model: "s3control",
  bound: [
    accessPointOperations,
    instanceOperations,
    locationOperations,
    grantOperations,
    multiRegionOperations,
    storageLensOperations,
  ],
  wireErrors,
  resources,
  // The one of a tagged resource leaves no room for a bucket's ARN, which has no region.
  ignoresPatterns: true,
});
