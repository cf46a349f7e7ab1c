import { composeEngine, serveEngine, type Server } from "../compose.ts";
import type { AssemblyStack } from "../apps/assembly.ts";
import { publishAssets } from "../apps/publish-assets.ts";
import type { Chaos } from "../gateway/chaos/chaos.ts";
import { clientEnvironment } from "../gateway/client-environment.ts";
import type { Engine } from "../gateway/engine.ts";
import { listResources } from "../gateway/list-resources.ts";
import type { ResourceListing } from "../gateway/resource-listing.ts";
import { memoryBlobStore } from "../kernel/memory-blobs.ts";
import { memoryStore } from "../kernel/memory.ts";
import { createLog } from "../platform/log.ts";
import { seededRandom, systemRandom } from "../platform/random.ts";
import { DEFAULT_SCOPE, type Scope } from "../services/context.ts";
import { objects } from "../services/objects/service.ts";
import { formatDiagnostic } from "../stack/diagnostics/format.ts";
import type { Plan } from "../stack/plan/plan.ts";
import type { DeployResult } from "../stack/requests.ts";
import type { OutputRecord } from "../stack/state/model.ts";
import { AwsClients, type AwsSettings, type ClientClass } from "./aws-client.ts";
import type { Deployable } from "./deployable.ts";
import { CloudClock } from "./cloud-clock.ts";
import { Deployment, DeploymentFailed, type DeployedStack, type Ending } from "./deployment.ts";
import { withStacks } from "./stacks-of.ts";

export interface StartOptions {
  /** 12 digits. */
  readonly account?: string;
  readonly region?: string;
  /** The time at which the clock stands, moved by `clock.advance` alone; without it it runs with the machine's. */
  readonly frozenAt?: string;
  /** With it, generated names and ids are the same in every run. */
  readonly seed?: number;
}

export interface DeployOptions {
  /** The stack of a template; its file's name by default. */
  readonly stack?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Given to every resource that takes tags. */
  readonly tags?: Readonly<Record<string, string>>;
}

const outputValues = (outputs: Readonly<Record<string, OutputRecord>> = {}): Record<string, unknown> =>
  Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));

const failure = ({ name, template }: AssemblyStack, ending: Pick<DeployResult, "diagnostics" | "cause"> & Ending) =>
  new DeploymentFailed(name, ending, ending.diagnostics.map((each) => formatDiagnostic(each, template)).join("\n"));

/**
 * A whole cloud inside this process, empty at first, kept in memory, on a port of its own: for tests of what is
 * deployed, and of the code that uses it. Its failures are printed to standard error.
 */
export class CloudStacks {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  readonly clock: CloudClock;
  /** Rules by which operations fail: `cloud.chaos.add({ effect: "fail", service: "s3", operation: "PutObject" })`. */
  readonly chaos: Chaos;
  readonly #engine: Engine;
  readonly #server: Server;
  readonly #scope: Scope;
  readonly #clients: AwsClients;

  private constructor(engine: Engine, server: Server, scope: Scope) {
    this.#engine = engine;
    this.#server = server;
    this.clock = new CloudClock(engine.time);
    this.chaos = engine.chaos;
    this.#scope = scope;
    this.endpoint = server.endpoint;
    this.#clients = new AwsClients(this.aws());
  }

  static async start(options: StartOptions = {}): Promise<CloudStacks> {
    const { account = DEFAULT_SCOPE.account, region = DEFAULT_SCOPE.region, frozenAt, seed } = options;
    if (frozenAt !== undefined && Number.isNaN(Date.parse(frozenAt)))
      throw new TypeError(`frozenAt takes a time as 2030-01-01T00:00:00Z, not "${frozenAt}".`);
    const random = seed === undefined ? systemRandom() : seededRandom(seed);
    const log = createLog("error");
    const engine = composeEngine({ store: memoryStore(), blobs: memoryBlobStore(), random, log });
    await engine.start();
    if (frozenAt !== undefined) await engine.time.freeze(frozenAt);
    const server = await serveEngine(engine, { port: 0, host: "127.0.0.1" });
    return new CloudStacks(engine, server, { account, region });
  }

  /**
   * Plans and applies, each stack after those it depends on.
   * Errors: `DeploymentFailed` with the diagnostics or the step that failed; that stack is as it was before
   */
  deploy(what: Deployable, options: DeployOptions = {}): Promise<Deployment> {
    return withStacks(what, options.stack, async (stacks) => {
      const deployed: DeployedStack[] = [];
      for (const stack of stacks) deployed.push(await this.#deployStack(stack, options));
      return new Deployment(deployed);
    });
  }

  async #deployStack(stack: AssemblyStack, options: DeployOptions): Promise<DeployedStack> {
    const request = this.#request(stack, options);
    await publishAssets(stack.assets, request.scope, (operation, input, body) =>
      this.#engine.calls.call(objects, operation as never, input as never, { ...request.scope, ...(body && { body }) }),
    );
    const result = await this.#engine.stacks.deploy(request);
    const { status, plan, outputs } = result;
    if ((status !== "deployed" && status !== "unchanged") || !plan) throw failure(stack, result);
    return { name: stack.name, ...request.scope, status, plan, outputs: outputValues(outputs) };
  }

  /**
   * What deploying the only stack, or the stack named in `options`, would do. Touches nothing.
   * Errors: `DeploymentFailed` with the diagnostics
   */
  async plan(what: Deployable, options: DeployOptions = {}): Promise<Plan> {
    const [plan, ...more] = await this.plans(what, options);
    if (plan && more.length === 0) return plan;
    throw new Error(`There are ${more.length + 1} stacks: plans() gives the plan of each.`);
  }

  /** The same for each stack of an app. What one stack imports of another must be deployed already. */
  plans(what: Deployable, options: DeployOptions = {}): Promise<readonly Plan[]> {
    return withStacks(what, options.stack, async (stacks) => {
      const plans: Plan[] = [];
      for (const stack of stacks) {
        const { plan, diagnostics } = await this.#engine.stacks.plan(this.#request(stack, options));
        if (!plan) throw failure(stack, { status: "refused", diagnostics });
        plans.push(plan);
      }
      return plans;
    });
  }

  /** Deletes a stack by its name, or all of a deployment, the last one first. */
  async destroy(what: string | Deployment): Promise<void> {
    const stacks = typeof what === "string" ? [{ ...this.#scope, name: what }] : [...what.stacks].reverse();
    for (const { name, account, region } of stacks) {
      const result = await this.#engine.stacks.destroy({ scope: { account, region }, stack: name });
      if (result.status !== "deployed") throw new DeploymentFailed(name, result);
    }
  }

  /** A stack's outputs now; undefined when there is no such stack. */
  async outputs(stack: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const outputs = await this.#engine.stacks.outputs(this.#scope, stack);
    return outputs && outputValues(outputs);
  }

  /** Everything that exists, whoever made it: a stack, an SDK, Terraform. */
  resources(type?: string): Promise<readonly ResourceListing[]> {
    return listResources(this.#engine, this.#scope, type);
  }

  /** For the constructor of a client of the AWS SDK. */
  aws(): AwsSettings {
    const { account, region } = this.#scope;
    // The 12-digit access key id is the account.
    return { endpoint: this.endpoint, region, credentials: { accessKeyId: account, secretAccessKey: "cloudstacks" } };
  }

  /** `cloud.client(S3Client)`: a client of the AWS SDK that reaches this cloud, until `stop`. */
  client<Client>(type: ClientClass<Client>): Client {
    return this.#clients.of(type);
  }

  /** The variables that point other processes here: SDKs, the AWS CLI, Terraform, `cloudstack`. */
  env(): Record<string, string> {
    return clientEnvironment(this.endpoint, this.#scope);
  }

  /** Waits for everything that is due now: events that are on their way, jobs. */
  settled(): Promise<void> {
    return this.#engine.settled();
  }

  /**
   * A cloud of its own that begins as this one is now, on a port of its own: nothing is copied, and neither sees what
   * the other does from here on. One set-up can so serve many tests. Stopped before this one is.
   */
  async fork(): Promise<CloudStacks> {
    const engine = await this.#engine.fork();
    const server = await serveEngine(engine, { port: 0, host: "127.0.0.1" });
    return new CloudStacks(engine, server, this.#scope);
  }

  /** Ends the server and the clients that were handed out; everything is gone. */
  async stop(): Promise<void> {
    this.#clients.destroy();
    await this.#server.stop();
    await this.#engine.close();
  }

  /** `await using cloud = await CloudStacks.start()` */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #request(stack: AssemblyStack, { parameters, tags = stack.tags }: DeployOptions) {
    return {
      scope: { ...this.#scope, ...stack.scope },
      stack: stack.name,
      source: { file: stack.file, text: stack.template },
      parameters: { ...stack.parameters, ...parameters },
      tags,
    };
  }
}
