import { Type, type Static } from "typebox";
import { after } from "../../../kernel/key.ts";
import type { Reader } from "../../../kernel/store.ts";
import type { OperationContext } from "../../context.ts";
import { operationUsing } from "../../operation.ts";
import { errors } from "../errors.ts";
import { BUCKET_TAGS_MAX, dashboards, keys, LIST_LIMIT_MAX, type Dashboard } from "../model.ts";
import type { Ports } from "../ports.ts";
import { document, tags } from "../schemas.ts";
import { checkTags } from "../tags.ts";

/** What an account wants measured of its buckets. Nothing measures it yet. */

const operation = operationUsing<Ports>();
const ref = { id: Type.String({ description: "Unique in the account and region." }) };
const facts = Type.Object({ ...ref, isEnabled: Type.Boolean(), document });
const ID_FORM = /^[a-zA-Z0-9_.-]{1,64}$/;

const told = ({ id, isEnabled, document: content }: Dashboard): Static<typeof facts> => ({
  id,
  isEnabled,
  document: content,
});

async function requireDashboard(tx: Reader, ctx: OperationContext, id: string): Promise<Dashboard> {
  const dashboard = await dashboards.get(tx, ctx.account, ctx.region, id);
  if (!dashboard) throw errors.DashboardNotFound({ id });
  return dashboard;
}

export const dashboardOperations = {
  putDashboard: operation({
    summary: "Keeps what is to be measured of the account's buckets.",
    input: Type.Object({ ...ref, isEnabled: Type.Boolean(), document, tags: Type.Optional(tags) }),
    output: Type.Object({}),
    effects: "write",
    errors: ["DashboardInvalid", "TagsInvalid", "TagsTooMany"],
    async run(tx, input, ctx) {
      const { id, isEnabled } = input;
      if (!ID_FORM.test(id)) throw errors.DashboardInvalid({ why: `"${id}" cannot name a configuration.` });
      if (input.tags) checkTags(input.tags, BUCKET_TAGS_MAX, "Dashboard");
      const kept = input.tags ?? (await dashboards.get(tx, ctx.account, ctx.region, id))?.tags;
      const dashboard = { id, isEnabled, document: input.document, ...(kept && { tags: kept }) };
      dashboards.put(tx, dashboard, ctx.account, ctx.region, id);
      return {};
    },
  }),
  getDashboard: operation({
    summary: "Shows what is to be measured of the account's buckets.",
    input: Type.Object(ref),
    output: facts,
    effects: "read",
    errors: ["DashboardNotFound"],
    run: async (tx, { id }, ctx) => told(await requireDashboard(tx, ctx, id)),
  }),
  listDashboards: operation({
    summary: "Lists what is to be measured, by id.",
    input: Type.Object({ after: Type.Optional(Type.String()), limit: Type.Optional(Type.Number()) }),
    output: Type.Object({ found: Type.Array(facts), next: Type.Optional(Type.String()) }),
    effects: "read",
    errors: [],
    async run(tx, { after: afterId = "", limit = LIST_LIMIT_MAX }, { account, region }) {
      const rest = after(keys.dashboard.range(account, region), keys.dashboard.key(account, region, afterId));
      const page = await dashboards.range(tx, rest, { limit: limit + 1 });
      const found = page.slice(0, limit).map(({ value }) => told(value));
      const next = page.length > limit ? found.at(-1)?.id : undefined;
      return { found, ...(next !== undefined && { next }) };
    },
  }),
  deleteDashboard: operation({
    summary: "Forgets what was to be measured.",
    input: Type.Object(ref),
    output: Type.Object({}),
    effects: "write",
    errors: ["DashboardNotFound"],
    async run(tx, { id }, ctx) {
      await requireDashboard(tx, ctx, id);
      dashboards.remove(tx, ctx.account, ctx.region, id);
      return {};
    },
  }),
  putDashboardTags: operation({
    summary: "Gives what is to be measured other tags; none takes them away.",
    input: Type.Object({ ...ref, tags }),
    output: Type.Object({}),
    effects: "write",
    errors: ["DashboardNotFound", "TagsInvalid", "TagsTooMany"],
    async run(tx, input, ctx) {
      const { tags: _, ...dashboard } = await requireDashboard(tx, ctx, input.id);
      checkTags(input.tags, BUCKET_TAGS_MAX, "Dashboard");
      const tagged = input.tags.length > 0 ? { ...dashboard, tags: input.tags } : dashboard;
      dashboards.put(tx, tagged, ctx.account, ctx.region, input.id);
      return {};
    },
  }),
  getDashboardTags: operation({
    summary: "Gives the tags of what is to be measured, none when there are none.",
    input: Type.Object(ref),
    output: Type.Object({ tags }),
    effects: "read",
    errors: ["DashboardNotFound"],
    run: async (tx, { id }, ctx) => ({ tags: [...((await requireDashboard(tx, ctx, id)).tags ?? [])] }),
  }),
};
