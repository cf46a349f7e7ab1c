/** `2030-01-01 12:00:00`, in UTC. */
export const timeText = (atMs: number): string => new Date(atMs).toISOString().replace("T", " ").slice(0, 19);
