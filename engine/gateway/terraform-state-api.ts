import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { base64OfHex, hexOfBase64 } from "../kernel/checksums.ts";
import { openBody } from "../kernel/joined-body.ts";
import { isAccount, type Scope } from "../services/context.ts";
import { ServiceError } from "../services/errors.ts";
import { errors, STATE_BYTES_MAX, terraformStates, type Lock } from "../services/terraform-states/service.ts";
import type { Engine } from "./engine.ts";
import { failureOf, scopeOf } from "./native-api.ts";

/** Where the states are: `<engine>/_cloudstack/terraform/states/<name>`; a name may hold slashes. */
export const TERRAFORM_STATES_PATH = "/_cloudstack/terraform/states/";

const LOCK_BYTES_MAX = 64 * 1024;
/** Statuses that the kinds of failures do not tell apart. */
const LOCKED = 423;
const TOO_LARGE = 413;

interface Route {
  readonly Params: { readonly "*": string };
  readonly Querystring: { readonly ID?: string; readonly version?: string };
}

/**
 * The door that Terraform's and OpenTofu's HTTP backend knocks at. `GET` reads a state (`?version=3` an earlier one),
 * `POST` writes it (`?ID=` names the lock held), `LOCK` and `UNLOCK` take and give its lock, `DELETE` removes it.
 * The user name of basic authentication is the account when it has 12 digits.
 */
export async function registerTerraformStates(app: FastifyInstance, engine: Engine): Promise<void> {
  for (const method of ["LOCK", "UNLOCK"]) app.addHttpMethod(method, { hasBody: true });
  // Each in a context of its own: how bodies are read is a matter of the context.
  await app.register(async (contents) => {
    contents.removeAllContentTypeParsers();
    contents.addContentTypeParser("*", (_request, _payload, done) => done(null));
    contents.setErrorHandler(answerFailure);
    registerContents(contents, engine);
  });
  await app.register(async (locks) => {
    locks.removeAllContentTypeParsers();
    // Terraform breaks a lock with a body of no bytes that calls itself JSON.
    const parser = { parseAs: "string", bodyLimit: LOCK_BYTES_MAX } as const;
    locks.addContentTypeParser("*", parser, (_request, text, done) => done(null, text));
    locks.setErrorHandler(answerFailure);
    registerLocks(locks, engine);
  });
}

function registerContents(app: FastifyInstance, engine: Engine): void {
  const { calls } = engine;
  const url = `${TERRAFORM_STATES_PATH}*`;
  app.get<Route>(url, async (request, reply) => {
    const { version } = request.query;
    const wanted = { state: stateOf(request), ...(version !== undefined && { number: Number(version) }) };
    const { body, ...found } = await calls.call(terraformStates, "getState", wanted, accountOf(request, engine));
    if (body === undefined) throw new Error("A state has a body.");
    void reply.headers({
      "content-type": "application/json",
      "content-length": found.sizeBytes,
      "content-md5": base64OfHex(found.md5),
      "x-cloudstack-version": found.number,
    });
    return reply.send(openBody(engine.blobs, body));
  });
  app.post<Route>(url, (request) => {
    const { "content-length": declared, "content-md5": md5 } = request.headers;
    // Before it is taken in: what is too large may be larger than the disk.
    const sizeBytes = Number(declared ?? 0);
    if (sizeBytes > STATE_BYTES_MAX) throw errors.StateTooLarge({ sizeBytes, limitBytes: STATE_BYTES_MAX });
    const input = {
      state: stateOf(request),
      ...(typeof md5 === "string" && { md5: hexOfBase64(md5) }),
      ...heldBy(request),
    };
    return calls.call(terraformStates, "putState", input, { ...accountOf(request, engine), body: request.raw });
  });
  app.delete<Route>(url, (request) =>
    calls.call(
      terraformStates,
      "deleteState",
      { state: stateOf(request), ...heldBy(request) },
      accountOf(request, engine),
    ),
  );
}

function registerLocks(app: FastifyInstance, engine: Engine): void {
  const url = `${TERRAFORM_STATES_PATH}*`;
  app.route<Route>({
    method: "LOCK",
    url,
    async handler(request) {
      const lock = readLock(request.body);
      if (lock === undefined) throw new ServiceError("LockMissing", "invalidInput", "The body names no lock.");
      const input = { state: stateOf(request), lock };
      const taken = await engine.calls.call(terraformStates, "lockState", input, accountOf(request, engine));
      return wireLock(taken.lock);
    },
  });
  app.route<Route>({
    method: "UNLOCK",
    url,
    async handler(request) {
      const held = readLock(request.body);
      const input = { state: stateOf(request), ...(held && { lockId: held.id }) };
      return engine.calls.call(terraformStates, "unlockState", input, accountOf(request, engine));
    },
  });
}

const heldBy = ({ query }: FastifyRequest<Route>) => (query.ID === undefined ? {} : { lockId: query.ID });

function stateOf({ params }: FastifyRequest<Route>): string {
  const name = params["*"];
  if (name === "")
    throw new ServiceError("StateNameMissing", "invalidInput", `Name the state: ${TERRAFORM_STATES_PATH}NAME.`);
  return name;
}

function accountOf(request: FastifyRequest, engine: Engine): Scope {
  const scope = scopeOf(request, engine);
  const [, credentials] = /^basic +(\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
  const user = Buffer.from(credentials ?? "", "base64").toString().split(":", 1)[0] ?? "";
  return isAccount(user) ? { ...scope, account: user } : scope;
}

/** The names that Terraform gives the parts of a lock. */
const WIRE_NAMES = {
  id: "ID",
  operation: "Operation",
  info: "Info",
  who: "Who",
  toolVersion: "Version",
  created: "Created",
  path: "Path",
} as const satisfies Record<keyof Lock, string>;

function readLock(body: unknown): Lock | undefined {
  if (typeof body !== "string" || body === "") return undefined;
  const given = parsed(body);
  const entries = Object.entries(WIRE_NAMES).flatMap(([name, wireName]) => {
    const value = given[wireName];
    return typeof value === "string" ? [[name, value]] : [];
  });
  const lock = Object.fromEntries(entries) as Partial<Lock>;
  if (!lock.id) throw new ServiceError("LockInvalid", "invalidInput", "A lock has an ID.");
  return { ...lock, id: lock.id };
}

function parsed(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch (cause) {
    throw new ServiceError("LockInvalid", "invalidInput", "The lock is not JSON.", {}, cause);
  }
}

const wireLock = (lock: Lock): Record<string, string> =>
  Object.fromEntries(
    Object.entries(WIRE_NAMES).map(([name, wireName]) => [wireName, lock[name as keyof Lock] ?? ""]),
  );

/** Terraform reads who holds a lock from the body of the refusal. */
function answerFailure(problem: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!(problem instanceof ServiceError)) throw problem;
  if (problem.code === "StateLocked") return reply.code(LOCKED).send(wireLock(problem.details["lock"] as Lock));
  const { status, body } = failureOf(problem, request.id);
  return reply.code(problem.code === "StateTooLarge" ? TOO_LARGE : status).send(body);
}
