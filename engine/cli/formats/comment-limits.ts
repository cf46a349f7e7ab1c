/** How many characters a comment may have. */
export const COMMENT_LIMITS = { github: 65_536, gitlab: 1_000_000 } as const;
