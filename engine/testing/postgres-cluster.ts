import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface PostgresCluster {
  /** A new, empty database in it. */
  newDatabase(): string;
  /** Kills and starts it again, as a power cut would. */
  restart(): void;
  stop(): void;
}

const INSTALLED = ["/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt/postgresql"];

/** The folder of the newest PostgreSQL's programs, or undefined when none is installed. */
export function postgresPrograms(): string | undefined {
  const candidates = INSTALLED.flatMap((folder) => {
    if (!existsSync(folder)) return [];
    const versions = readdirSync(folder).sort((a, b) => Number.parseFloat(b) - Number.parseFloat(a));
    return [...versions.map((version) => join(folder, version, "bin")), join(folder, "bin")];
  });
  const onPath = spawnSync("sh", ["-c", "command -v initdb"], { encoding: "utf8" }).stdout.trim();
  if (onPath !== "") candidates.push(join(onPath, ".."));
  return candidates.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "pg_ctl")));
}

/** initdb refuses to run as root. */
function unprivileged(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, name], { encoding: "utf8" }).stdout.trim());
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error("Running as root, and there is neither a user postgres nor a user nobody to run PostgreSQL as.");
}

const freePort = (): Promise<number> => new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address() as { port: number };
    server.close(() => resolve(port));
  });
});

/** Starts a real PostgreSQL in a temporary folder, on a free port; `programs` as `postgresPrograms` found them. */
export async function startPostgres(programs: string): Promise<PostgresCluster> {
  const user = unprivileged();
  const folder = mkdtempSync(join(tmpdir(), "cloudstacks-postgres-"));
  if (user) chmodSync(folder, 0o777);
  const pgdata = join(folder, "cluster");
  const port = await freePort();
  const run = (program: string, ...args: string[]) =>
    execFileSync(join(programs, program), args, {
      ...user, cwd: folder, stdio: ["ignore", "ignore", "pipe"], env: { PATH: "/usr/bin:/bin", LC_ALL: "C" },
    });
  const start = () => run("pg_ctl", "-D", pgdata, "-w", "-l", join(folder, "log"), "-o",
    `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c max_connections=200`, "start");
  run("initdb", "-D", pgdata, "-A", "trust", "-U", "engine", "-E", "UTF8", "--no-sync");
  start();
  let databases = 0;
  return {
    newDatabase() {
      databases += 1;
      run("createdb", "-h", "127.0.0.1", "-p", String(port), "-U", "engine", `store${databases}`);
      return `postgres://engine@127.0.0.1:${port}/store${databases}`;
    },
    restart() {
      run("pg_ctl", "-D", pgdata, "-m", "immediate", "-w", "stop");
      start();
    },
    stop() {
      run("pg_ctl", "-D", pgdata, "-m", "immediate", "-w", "stop");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
