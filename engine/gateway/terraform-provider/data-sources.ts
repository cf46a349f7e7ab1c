import { ctyList } from "../../protocols/terraform/cty-type.ts";
import type { DataSource } from "../../protocols/terraform/provider.ts";
import { ID, type Mapping } from "./mapping.ts";
import { contextOf, readLive, scopeOf, type ProviderSession } from "./session.ts";
import { liveCty } from "./shown-state.ts";
import { tellingUnknownScope } from "./told.ts";

type Source = DataSource<ProviderSession>;

/** A resource that exists, whoever made it, by its id. */
export const lookUp = (mapping: Mapping): Source => ({
  schema: mapping.dataSchema,
  read: (session, config) =>
    tellingUnknownScope({ state: null }, async () => {
      const id = String(config[ID] ?? "");
      const live = await readLive(session, mapping, id);
      if (live) return { state: liveCty(mapping, live) };
      const summary = `There is no ${mapping.type.name} with the id "${id}"`;
      const { account, region } = scopeOf(session);
      const detail = `It was looked for in account ${account}, region ${region}.`;
      return { state: null, diagnostics: [{ severity: "error", summary, detail, path: [{ attribute: ID }] }] };
    }),
});

/** Where the provider's resources are, and what serves them. */
export const scopeSource: Source = {
  schema: {
    version: 0,
    description: "The account and region that this provider configuration works in.",
    attributes: {
      account: { type: "string", use: "computed" },
      region: { type: "string", use: "computed" },
      engine_version: { type: "string", use: "computed" },
    },
  },
  read: (session) =>
    tellingUnknownScope({ state: null }, async () => {
      const { account, region } = scopeOf(session);
      return { state: { account, region, engine_version: session.engine.version } };
    }),
};

const PAGE = 500;

/** The ids of everything of one type, whoever made it. */
export const listing = (mappings: ReadonlyMap<string, Mapping>): Source => ({
  schema: {
    version: 0,
    description: "The ids of everything of one type, whoever made it.",
    attributes: {
      type: { type: "string", use: "required", description: "As templates name it: Bucket, AWS::S3::Bucket." },
      ids: { type: ctyList("string"), use: "computed" },
    },
  },
  read: (session, config) =>
    tellingUnknownScope({ state: null }, async () => {
      const name = String(config["type"] ?? "");
      const mapping = mappings.get(name);
      if (!mapping) {
        const summary = `There is no resource type "${name}"`;
        const detail = [...mappings.keys()].join(", ");
        return { state: null, diagnostics: [{ severity: "error", summary, detail, path: [{ attribute: "type" }] }] };
      }
      return { state: { type: name, ids: await idsOf(session, mapping) } };
    }),
});

/** Every id of a type in the session's scope, in order. */
export async function idsOf(session: ProviderSession, mapping: Mapping): Promise<string[]> {
  const ctx = contextOf(session, mapping);
  const ids: string[] = [];
  for (;;) {
    const after = ids.at(-1);
    const page = { limit: PAGE, ...(after !== undefined && { after }) };
    const found = await session.engine.store.read((tx) => mapping.type.handlers.list(tx, ctx, page));
    ids.push(...found);
    if (found.length < PAGE) return ids;
  }
}
