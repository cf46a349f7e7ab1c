import type { Reader, Transaction } from "../../kernel/store.ts";
import type { Scope } from "../context.ts";
import type { Labels } from "../labels.ts";
import { checkedLabels } from "./labels.ts";
import { grants, instances, locations } from "./model.ts";
import { requireGrant } from "./operations/grants.ts";
import { requireInstance } from "./operations/instances.ts";
import { requireLocation } from "./operations/locations.ts";

type Labelled = { readonly of: "instance" } | { readonly of: "location" | "grant"; readonly id: string };

const REQUIRE = { location: requireLocation, grant: requireGrant };

/** What other services ask of grants, in their own transaction. */
export const grantsPort = {
  /** Errors: that there is no such thing */
  async labelsOf(tx: Reader, scope: Scope, labelled: Labelled): Promise<Labels> {
    const thing =
      labelled.of === "instance"
        ? await requireInstance(tx, scope)
        : await REQUIRE[labelled.of](tx, scope, labelled.id);
    return thing.labels;
  },

  /** Errors: that there is no such thing, `GrantLabelsInvalid` */
  async putLabels(tx: Transaction, scope: Scope, labelled: Labelled, given: Labels): Promise<void> {
    const { account, region } = scope;
    const labels = checkedLabels(given);
    if (labelled.of === "instance")
      instances.put(tx, { ...(await requireInstance(tx, scope)), labels }, account, region);
    else if (labelled.of === "location")
      locations.put(tx, { ...(await requireLocation(tx, scope, labelled.id)), labels }, account, region, labelled.id);
    else grants.put(tx, { ...(await requireGrant(tx, scope, labelled.id)), labels }, account, region, labelled.id);
  },
};
