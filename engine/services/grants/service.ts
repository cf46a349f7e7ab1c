import { service } from "../manifest.ts";
import { errors } from "./errors.ts";
import { dataAccessOperations } from "./operations/data-access.ts";
import { grantOperations } from "./operations/grants.ts";
import { instanceOperations } from "./operations/instances.ts";
import { locationOperations } from "./operations/locations.ts";
import { grantsPort } from "./port.ts";
import { resources } from "./resources.ts";

/** Who is granted which parts of an account's buckets, and the temporary keys that they are handed. */
export const grants = service({
  name: "grants",
  summary: "Parts of buckets granted to users and roles, and the temporary keys that they are handed.",
  operations: { ...instanceOperations, ...locationOperations, ...grantOperations, ...dataAccessOperations },
  errors,
  resources,
  provides: { grants: grantsPort },
  limits: [
    "Grants: keys that are handed out carry their scope on record and open all of the account's buckets.",
    "Grants: an engine that checks signatures (`--secret-key`) does not take keys that are handed out.",
    "Grants: roles of locations and policies of instances are only kept; directories of people do not exist.",
  ],
});
