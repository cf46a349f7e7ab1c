import type pg from "pg";
import { StoreUnavailable } from "./store.ts";

const LAYOUT_VERSION = 1;
/** Any constant number that no log's lock is likely to be. */
const LAYOUT_LOCK = 4_801_357;

/** Makes our tables, or checks that they are of a layout we know. Two engines that start at once take turns. */
export async function prepareTables(pool: pg.Pool, where: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock($1)", [LAYOUT_LOCK]);
    await client.query("CREATE TABLE IF NOT EXISTS cloudstacks_setting (name text PRIMARY KEY, value bigint NOT NULL)");
    await client.query("CREATE TABLE IF NOT EXISTS cloudstacks_entry (key bytea PRIMARY KEY, value bytea NOT NULL)");
    await client.query("CREATE SEQUENCE IF NOT EXISTS cloudstacks_position");
    await client.query(
      "INSERT INTO cloudstacks_setting VALUES ('layout', $1) ON CONFLICT DO NOTHING", [LAYOUT_VERSION]);
    const { rows } = await client.query<{ value: string }>(
      "SELECT value FROM cloudstacks_setting WHERE name = 'layout'");
    const layout = Number(rows[0]?.value);
    if (layout > LAYOUT_VERSION) {
      throw new StoreUnavailable(`The store at ${where} has layout ${layout}, but this engine knows layouts up to `
        + `${LAYOUT_VERSION}; use the engine that wrote it, or a newer one.`);
    }
    await client.query("COMMIT");
  } finally {
    // An unfinished transaction ends with its connection.
    client.release(true);
  }
}
