/** What DynamoDB and DynamoDB Streams both say of a table's stream. */
export const STREAM_VIEWS = {
  keysOnly: "KEYS_ONLY",
  newImage: "NEW_IMAGE",
  oldImage: "OLD_IMAGE",
  newAndOldImages: "NEW_AND_OLD_IMAGES",
} as const;

/** A stream is called by the time it began: `2030-01-01T00:00:00.000`. */
export const streamLabel = (sinceMs: number): string => new Date(sinceMs).toISOString().slice(0, -1);
