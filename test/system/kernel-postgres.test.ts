import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startingWith } from "../../engine/kernel/key.ts";
import { postgresStore } from "../../engine/kernel/postgres.ts";
import { modelConformance } from "../../engine/kernel/store-model.conformance.ts";
import { storeConformance } from "../../engine/kernel/store.conformance.ts";
import { StoreUnavailable } from "../../engine/kernel/store.ts";
import { postgresPrograms, startPostgres, type PostgresCluster } from "../../engine/testing/postgres-cluster.ts";

const programs = postgresPrograms();
if (programs === undefined) {
  console.warn("PostgreSQL is not installed: its store is NOT tested. Install the package postgresql.");
}

/** The messages `ReadyForQuery` and `ErrorResponse` of the server's protocol. */
const READY = Buffer.from("Z\0\0\0\x05I", "latin1");
const FIELDS = "SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0";
const ENDED_BY_ADMINISTRATOR = Buffer.from(`E\0\0\0${String.fromCharCode(FIELDS.length + 4)}${FIELDS}`, "latin1");

describe.skipIf(programs === undefined)("on a real PostgreSQL", () => {
  let cluster: PostgresCluster;
  beforeAll(async () => {
    cluster = await startPostgres(programs as string);
  });
  afterAll(() => cluster.stop());

  storeConformance("postgresStore", () => postgresStore(cluster.newDatabase()));
  modelConformance("postgresStore", () => postgresStore(cluster.newDatabase()), 50);

  it("is not forked, since other engines may write to it, and says what to do instead", async () => {
    const store = await postgresStore(cluster.newDatabase());
    await expect(store.fork()).rejects.toThrow(
      "cannot be forked, since other engines may write to it. Save a snapshot of it and fork that");
    await store.close();
  });

  const program = join(import.meta.dirname, "kernel-postgres-child.ts");
  const child = (url: string, increments: number) =>
    spawn(process.execPath, ["--import", "tsx", program, url, String(increments)], { stdio: "inherit" });

  it("two engine processes see each other's commits", async () => {
    const url = cluster.newDatabase();
    const store = await postgresStore(url);
    await store.transact(async (tx) => tx.set(["greeting"], "good morning"));
    const answered = new Promise<void>((resolve) => store.watch(startingWith(["answer"].slice(0, 0)), resolve));
    expect(await once(child(url, 0), "exit")).toEqual([0, null]);
    await answered;
    expect(await store.read((tx) => tx.get(["answer"]))).toBe("heard: good morning");
    await store.close();
  });

  it("two engine processes count exactly, and a reader of their log never misses an entry", async () => {
    const url = cluster.newDatabase();
    const store = await postgresStore(url);
    const seen: string[] = [];
    let tail = startingWith(["log"]);
    let isOver = false;
    const follow = async () => {
      const entries = await store.read((tx) => tx.range<string>(tail, { limit: 1000 }));
      seen.push(...entries.map((entry) => entry.value));
      const last = entries.at(-1);
      if (last) tail = { from: startingWith(last.key).from, to: tail.to };
      return entries.length;
    };
    const following = (async () => {
      while (!isOver) await follow();
    })();
    const exited = once(child(url, 100), "exit");
    await Promise.all(Array.from({ length: 100 }, (_, i) => store.transact(async (tx) => {
      tx.set(["n"], ((await tx.get<number>(["n"])) ?? 0) + 1);
      tx.append(["log"], `parent ${i}`);
    }, { sequence: ["n"] })));
    expect(await exited).toEqual([0, null]);
    isOver = true;
    await following;
    await follow();
    expect(await store.read((tx) => tx.get(["n"]))).toBe(200);
    expect(new Set(seen).size).toBe(200);
    expect(seen).toHaveLength(200);
    await store.close();
  });

  /** Ends up to `count` of the engines' connections, whatever they are doing; returns how many. */
  const terminate = (admin: pg.Client, count: number) => admin.query(
    `SELECT pg_terminate_backend(pid) FROM (
       SELECT pid FROM pg_stat_activity WHERE application_name = 'cloudstacks' AND datname = current_database()
       ORDER BY random() LIMIT $1) AS chosen`, [count])
    .then(({ rows }) => rows.length);
  const usingAdmin = async (url: string, use: (admin: pg.Client) => Promise<void>) => {
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    await use(admin).finally(() => admin.end());
  };

  it("begins a transaction again whose connection was ended in the middle", async () => {
    const url = cluster.newDatabase();
    const store = await postgresStore(url);
    let runs = 0;
    await usingAdmin(url, async (admin) => {
      await store.transact(async (tx) => {
        const n = (await tx.get<number>(["n"])) ?? 0;
        runs += 1;
        if (runs === 1) expect(await terminate(admin, 99)).toBe(1);
        tx.set(["n"], n + 1);
      });
    });
    expect([runs, await store.read((tx) => tx.get(["n"]))]).toEqual([2, 1]);
    await store.close();
  });

  /** A port between the engine and the server, where `carry` says what of each connection arrives. */
  const linkTo = async (database: string, carry: (engine: Socket, server: Socket) => void) => {
    const url = new URL(database);
    const serverPort = Number(url.port);
    const proxy = createServer((engine) => {
      const server = connect(serverPort, "127.0.0.1");
      carry(engine, server);
      for (const [one, other] of [[engine, server], [server, engine]] as const) {
        one.on("close", () => other.destroy());
        one.on("error", () => other.destroy());
      }
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    url.port = String((proxy.address() as AddressInfo).port);
    return { url: url.href, close: () => proxy.close() };
  };

  it.each([
    ["that was carried out counts, and is not run again", true, 1],
    ["that was never heard is run again", false, 2],
  ])("a COMMIT without an answer %s", async (_, isForwarded, runsExpected) => {
    let runs = 0;
    let cuts = 1;
    const link = await linkTo(cluster.newDatabase(), (engine, server) => {
      let isCut = false;
      engine.on("data", (bytes) => {
        if (cuts > 0 && bytes.includes("COMMIT") && bytes.length < 20 && runs > 0) {
          cuts -= 1;
          isCut = true;
          if (!isForwarded) return void server.destroy();
        }
        server.write(bytes);
      });
      server.on("data", (bytes) => (isCut ? server.destroy() : engine.write(bytes)));
    });
    const store = await postgresStore(link.url);
    await store.transact(async (tx) => {
      runs += 1;
      tx.set(["n"], ((await tx.get<number>(["n"])) ?? 0) + 1);
    });
    expect([cuts, runs, await store.read((tx) => tx.get(["n"]))]).toEqual([0, runsExpected, 1]);
    await store.close();
    link.close();
  });

  it("begins again when a connection ends as soon as it is made", async () => {
    let endings = 0;
    const link = await linkTo(cluster.newDatabase(), (engine, server) => {
      engine.on("data", (bytes) => server.write(bytes));
      server.on("data", (bytes) => {
        if (endings === 0 || !bytes.includes(READY)) return void engine.write(bytes);
        endings -= 1;
        engine.end(Buffer.concat([bytes, ENDED_BY_ADMINISTRATOR]));
      });
    });
    const store = await postgresStore(link.url);
    endings = 2;
    await store.transact(async (tx) => tx.set(["n"], 1));
    expect([endings, await store.read((tx) => tx.get(["n"]))]).toEqual([0, 1]);
    await store.close();
    link.close();
  });

  it("loses and doubles no increment while connections are ended under load", async () => {
    const url = cluster.newDatabase();
    const store = await postgresStore(url);
    const clients = 8, each = 150;
    let terminated = 0;
    await usingAdmin(url, async (admin) => {
      await Promise.all(Array.from({ length: clients }, async (_, client) => {
        for (let i = 0; i < each; i++) {
          await store.transact(async (tx) => {
            tx.set(["n", client % 4], ((await tx.get<number>(["n", client % 4])) ?? 0) + 1);
            tx.append(["log"], `${client}/${i}`);
          });
          // While the other clients are in the middle of theirs.
          if (i % 10 === 0) terminated += await terminate(admin, 3);
        }
      }));
    });
    const counts = await store.read((tx) => tx.range<number>(startingWith(["n"]), { limit: 9 }));
    expect(counts.map(({ value }) => value)).toEqual(Array.from({ length: 4 }, () => 2 * each));
    const log = await store.read((tx) => tx.range<string>(startingWith(["log"]), { limit: 9999 }));
    expect(log).toHaveLength(clients * each);
    expect(new Set(log.map(({ value }) => value)).size).toBe(clients * each);
    expect(terminated).toBeGreaterThan(50);
    await store.close();
  });

  it("works again after the server was restarted", async () => {
    const store = await postgresStore(cluster.newDatabase());
    await store.transact(async (tx) => tx.set(["a"], 1));
    cluster.restart();
    // The first use may still meet the connection that died.
    await store.read((tx) => tx.get(["a"]))
      .catch((problem: unknown) => expect(problem).toBeInstanceOf(StoreUnavailable));
    expect(await store.read((tx) => tx.get(["a"]))).toBe(1);
    await store.close();
  });

  it("says what to do when nobody answers", async () => {
    await expect(postgresStore("postgres://engine@127.0.0.1:1/store")).rejects.toThrow(
      "The store at 127.0.0.1:1/store cannot be opened: connect ECONNREFUSED 127.0.0.1:1. "
      + "Check that PostgreSQL runs there");
  });
});
