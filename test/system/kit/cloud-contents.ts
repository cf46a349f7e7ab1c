import type { CloudStacks } from "../../../engine/embedded/cloud-stacks.ts";

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/**
 * Everything in a cloud, comparable with what is in another one: ids that the engine chose have the names of what they
 * are of, addresses have no port.
 */
export async function contentsOf(cloud: CloudStacks): Promise<readonly unknown[]> {
  const resources = await cloud.resources();
  const text = resources.reduce(
    (all, { id, type, properties }) => all.replaceAll(id, comparableId(id, type, properties)),
    JSON.stringify(resources).replaceAll(cloud.endpoint, "http://cloud"),
  );
  const compared = (JSON.parse(text.replaceAll(UUID, "<uuid>")) as object[]).map((each) => JSON.stringify(each));
  return compared.sort().map((each) => JSON.parse(each) as unknown);
}

/** An id that the engine chose ends in at least eight hexadecimal digits. */
function comparableId(id: string, type: string, properties: unknown): string {
  const { Name, Endpoint } = properties as { readonly Name?: string; readonly Endpoint?: string };
  return /[0-9a-f]{8,}$/.test(id) ? `${type} ${Name ?? Endpoint}` : id;
}
