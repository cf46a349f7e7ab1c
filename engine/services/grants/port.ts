import type { Reader, Transaction } from "../../kernel/store.ts";
import type { Scope } from "../context.ts";
import type { Labels } from "../labels.ts";
import { checkedLabels } from "./labels.ts";
import { grants, instances, locations } from "./model.ts";
import { requireGrant } from "./operations/grants.ts";
import { requireInstance } from "./operations/instances.ts";
import { requireLocation } from "./operations/locations.ts";

type Labelled = { readonly kind: "instance" } | { readonly kind: "location" | "grant"; readonly id: string };

const REQUIRE = { location: requireLocation, grant: requireGrant };

/** What other services ask of grants, in their own transaction. */
export const grantsPort = {
  /** Errors: that there is no such thing */
  async labelsOf(tx: Reader, scope: Scope, of: Labelled): Promise<Labels> {
    return (of.kind === "instance" ? await requireInstance(tx, scope) : await REQUIRE[of.kind](tx, scope, of.id)).labels;
  },

  /** Errors: that there is no such thing, `GrantLabelsInvalid` */
  async putLabels(tx: Transaction, scope: Scope, of: Labelled, given: Labels): Promise<void> {
    const { account, region } = scope;
    const labels = checkedLabels(given);
    if (of.kind === "instance")
      instances.put(tx, { ...(await requireInstance(tx, scope)), labels }, account, region);
    else if (of.kind === "location")
      locations.put(tx, { ...(await requireLocation(tx, scope, of.id)), labels }, account, region, of.id);
    else grants.put(tx, { ...(await requireGrant(tx, scope, of.id)), labels }, account, region, of.id);
  },
};
