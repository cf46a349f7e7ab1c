import { Type, type Static } from "typebox";

/** What users write on a resource to find and sort it by. */
export const Labels = Type.Record(Type.String(), Type.String());
export type Labels = Static<typeof Labels>;

export function withoutLabels(labels: Readonly<Labels>, names: readonly string[]): Labels {
  const gone = new Set(names);
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !gone.has(name)));
}
