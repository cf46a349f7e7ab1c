/** A tag as CloudFormation's types and most services write it. */
export interface AwsTag {
  readonly Key: string;
  readonly Value: string;
}

/** Keys that begin so are AWS's own to give. */
export const isReservedTag = (key: string): boolean => /^aws:/i.test(key);

export const tagMap = (tags: readonly AwsTag[] | undefined): Record<string, string> =>
  Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key, Value]));

/** In the order of their keys; undefined for none, as a template without tags has it. */
export function tagList(tags: Readonly<Record<string, string>> | undefined): AwsTag[] | undefined {
  const list = Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  return list.length === 0 ? undefined : list.toSorted((a, b) => (a.Key < b.Key ? -1 : 1));
}
