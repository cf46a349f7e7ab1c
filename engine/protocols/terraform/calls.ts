import type { CtyType } from "./cty-type.ts";
import { isCtyObject, type CtyObject, type CtyValue } from "./cty-value.ts";
import { readDynamicValue, readStateJson, writeDynamicValue } from "./dynamic-value.ts";
import { CALLS, MESSAGES, type CallName } from "./messages.ts";
import { decodeMessage, encodeMessage, type Message } from "./protobuf.ts";
import {
  ArgumentRefused,
  type PathStep,
  type Provider,
  type ProviderDiagnostic,
  type ResourceChange,
} from "./provider.ts";
import {
  functionMessage,
  schemaMessage,
  SERVER_CAPABILITIES,
  typeOfAttributes,
  type BlockSchema,
  type ProviderSchema,
} from "./schema.ts";

/** `DEFERRED_BY_PROVIDER`: a part of the provider's configuration is known only after apply. */
const DEFERRED_BY_PROVIDER = { reason: 2 };
const ERROR = 1;
const WARNING = 2;

/** The parts of requests that are read here; every one of them may be absent. */
interface Request {
  readonly typeName?: string;
  readonly name?: string;
  readonly id?: string;
  readonly config?: Dynamic;
  readonly currentState?: Dynamic;
  readonly priorState?: Dynamic;
  readonly plannedState?: Dynamic;
  readonly arguments?: readonly Dynamic[];
  readonly private?: Buffer;
  readonly priorPrivate?: Buffer;
  readonly plannedPrivate?: Buffer;
  readonly rawState?: { readonly json?: Buffer };
  readonly sourceProviderAddress?: string;
  readonly sourceTypeName?: string;
  readonly sourceState?: { readonly json?: Buffer };
  readonly targetTypeName?: string;
  readonly clientCapabilities?: { readonly deferralAllowed?: boolean };
}
interface Dynamic {
  readonly msgpack?: Buffer;
  readonly json?: Buffer;
}

/** What a handler gives beside the fields of its message. */
type Answered = Message & Pick<Answer, "onAnswered">;
type Handler<Session> = (request: Request, provider: Provider<Session>, session: Session) => Promise<Message> | Message;

/** A provider as far as nobody's session matters. */
type AnyProvider = Omit<Provider<never>, "open">;

export interface Answer {
  readonly response: Buffer;
  /** To be called when the answer has been sent. */
  readonly onAnswered?: () => Promise<void>;
}

/** Answers a call of Terraform's. */
export interface ProviderCalls<Session> {
  has(name: string): name is CallName;
  answer(name: CallName, request: Buffer, session: Session): Promise<Answer>;
}

export function providerCalls<Session>(provider: Provider<Session>): ProviderCalls<Session> {
  // Asked for at the start of every run, and always the same.
  let schema: Buffer | undefined;
  type Others = Exclude<CallName, "GetProviderSchema">;
  const handlers: Readonly<Record<Others, Handler<Session>>> = { ...aboutProvider, ...managed, ...others };
  return {
    has: (name): name is CallName => Object.hasOwn(CALLS, name),
    async answer(name, request, session) {
      const { request: from, response } = CALLS[name];
      if (name === "GetProviderSchema")
        return { response: (schema ??= encodeMessage(MESSAGES, response, schemaMessage(schemaOf(provider)))) };
      const asked = decodeMessage(MESSAGES, from, request) as Request;
      const { onAnswered, ...message } = (await handlers[name](asked, provider, session)) as Answered;
      return { response: encodeMessage(MESSAGES, response, message), ...(onAnswered && { onAnswered }) };
    },
  };
}

const schemas = <T>(each: Readonly<Record<string, { readonly schema: T }>>) =>
  Object.fromEntries(Object.entries(each).map(([name, { schema }]) => [name, schema]));

/** Everything that a provider has, for those who write it down. */
export function schemaOf(provider: AnyProvider): ProviderSchema {
  return {
    provider: provider.schema,
    resources: schemas(provider.resources),
    dataSources: schemas(provider.dataSources),
    ephemeralResources: schemas(provider.ephemeralResources),
    functions: schemas(provider.functions),
  };
}

/** Types by their schemas, each worked out once. */
const types = new WeakMap<BlockSchema, CtyType>();
function blockType(schema: BlockSchema): CtyType {
  let type = types.get(schema);
  if (type === undefined) {
    type = typeOfAttributes(schema.attributes);
    types.set(schema, type);
  }
  return type;
}

function readValue(type: CtyType, { msgpack, json }: Dynamic): CtyValue {
  if (msgpack && msgpack.length > 0) return readDynamicValue(type, msgpack);
  return json && json.length > 0 ? readStateJson(type, json.toString("utf8")) : null;
}
function readBlock(schema: BlockSchema, value: Dynamic | undefined): CtyObject | null {
  const read = value ? readValue(blockType(schema), value) : null;
  return isCtyObject(read) ? read : null;
}
const writeBlock = (schema: BlockSchema, value: CtyObject | null) => ({
  msgpack: writeDynamicValue(blockType(schema), value),
});

const stepMessage = (step: PathStep): Message => {
  if ("attribute" in step) return { attributeName: step.attribute };
  return "index" in step ? { elementKeyInt: step.index } : { elementKeyString: step.key };
};
const pathMessage = (path: readonly PathStep[]): Message => ({ steps: path.map(stepMessage) });

const diagnosticMessage = ({ severity, summary, detail, path }: ProviderDiagnostic): Message => ({
  severity: severity === "error" ? ERROR : WARNING,
  summary,
  detail,
  ...(path && path.length > 0 && { attribute: pathMessage(path) }),
});
const told = (diagnostics: readonly ProviderDiagnostic[] = []) => ({
  diagnostics: diagnostics.map(diagnosticMessage),
});

const unknownType = (what: string, name: string) =>
  told([{ severity: "error", summary: `There is no ${what} ${name}`, detail: "Is the provider of another version?" }]);

const isDeferred = <Session>(request: Request, provider: Provider<Session>, session: Session) =>
  request.clientCapabilities?.deferralAllowed === true && provider.isDeferred(session);

const namesOf = (each: Readonly<Record<string, unknown>>) => Object.keys(each).map((typeName) => ({ typeName }));

/** Calls about the provider itself. */
const aboutProvider = {
  GetMetadata: (_request: Request, provider: AnyProvider) => {
    const { resources, dataSources, functions, ephemeralResources } = provider;
    return {
      serverCapabilities: SERVER_CAPABILITIES,
      resources: namesOf(resources),
      dataSources: namesOf(dataSources),
      functions: namesOf(functions),
      ephemeralResources: namesOf(ephemeralResources),
    };
  },
  GetFunctions: (_request: Request, provider: AnyProvider) => ({
    functions: Object.fromEntries(
      Object.entries(provider.functions).map(([name, { schema }]) => [name, functionMessage(schema)]),
    ),
  }),
  ValidateProviderConfig: ({ config }: Request, provider: AnyProvider) =>
    told(provider.validate(readBlock(provider.schema, config) ?? {})),
  ConfigureProvider<Session>({ config }: Request, provider: Provider<Session>, session: Session) {
    return told(provider.configure(session, readBlock(provider.schema, config) ?? {}));
  },
  StopProvider<Session>(_request: Request, provider: Provider<Session>, session: Session) {
    provider.stop(session);
    return {};
  },
};

/** Calls about resources that Terraform manages. */
const managed = {
  ValidateResourceConfig({ typeName = "", config }: Request, provider: AnyProvider) {
    const resource = provider.resources[typeName];
    if (!resource) return unknownType("resource", typeName);
    return told(resource.validate(readBlock(resource.schema, config) ?? {}));
  },
  UpgradeResourceState({ typeName = "", rawState }: Request, provider: AnyProvider) {
    const resource = provider.resources[typeName];
    if (!resource) return unknownType("resource", typeName);
    const state = readBlock(resource.schema, { ...(rawState?.json && { json: rawState.json }) });
    return { upgradedState: writeBlock(resource.schema, state) };
  },
  async ReadResource<Session>(request: Request, provider: Provider<Session>, session: Session) {
    const { typeName = "", currentState, private: kept } = request;
    const resource = provider.resources[typeName];
    if (!resource) return unknownType("resource", typeName);
    const current = readBlock(resource.schema, currentState);
    if (isDeferred(request, provider, session))
      return { newState: currentState, private: kept, deferred: DEFERRED_BY_PROVIDER };
    if (!current) return { newState: currentState, private: kept };
    const held = await resource.read(session, { state: current, private: kept });
    return { newState: writeBlock(resource.schema, held.state), private: held.private, ...told(held.diagnostics) };
  },
  async PlanResourceChange<Session>(request: Request, provider: Provider<Session>, session: Session) {
    const { typeName = "", priorPrivate } = request;
    const resource = provider.resources[typeName];
    if (!resource) return unknownType("resource", typeName);
    const change: ResourceChange = {
      prior: readBlock(resource.schema, request.priorState),
      config: readBlock(resource.schema, request.config),
      private: priorPrivate,
    };
    const { planned, private: kept, requiresReplace = [], diagnostics } = await resource.plan(session, change);
    return {
      plannedState: writeBlock(resource.schema, planned),
      plannedPrivate: kept,
      requiresReplace: requiresReplace.map(pathMessage),
      ...told(diagnostics),
      ...(isDeferred(request, provider, session) && { deferred: DEFERRED_BY_PROVIDER }),
    };
  },
  async ApplyResourceChange<Session>(request: Request, provider: Provider<Session>, session: Session) {
    const { typeName = "", plannedPrivate } = request;
    const resource = provider.resources[typeName];
    if (!resource) return unknownType("resource", typeName);
    const held = await resource.apply(session, {
      prior: readBlock(resource.schema, request.priorState),
      config: readBlock(resource.schema, request.config),
      planned: readBlock(resource.schema, request.plannedState),
      private: plannedPrivate,
    });
    return {
      newState: writeBlock(resource.schema, held.state),
      private: held.private,
      ...told(held.diagnostics),
      onAnswered: held.onAnswered,
    };
  },
  async ImportResourceState<Session>(request: Request, provider: Provider<Session>, session: Session) {
    const { typeName = "", id = "" } = request;
    const resource = provider.resources[typeName];
    if (!resource) return unknownType("resource", typeName);
    if (isDeferred(request, provider, session)) return { deferred: DEFERRED_BY_PROVIDER };
    const { state, private: kept, diagnostics } = await resource.import(session, id);
    const imported = { typeName, state: writeBlock(resource.schema, state), private: kept };
    return { importedResources: state ? [imported] : [], ...told(diagnostics) };
  },
  async MoveResourceState<Session>(request: Request, provider: Provider<Session>, session: Session) {
    const { sourceProviderAddress = "", sourceTypeName = "", targetTypeName = "", sourceState } = request;
    const resource = provider.resources[targetTypeName];
    if (!resource) return unknownType("resource", targetTypeName);
    const held = await resource.move(session, {
      provider: sourceProviderAddress,
      type: sourceTypeName,
      json: sourceState?.json?.toString("utf8") ?? "null",
    });
    return {
      targetState: writeBlock(resource.schema, held.state),
      targetPrivate: held.private,
      ...told(held.diagnostics),
    };
  },
};

/** Calls about what Terraform only looks at, and about functions. */
const others = {
  ValidateDataResourceConfig: ({ typeName = "" }: Request, provider: AnyProvider) =>
    provider.dataSources[typeName] ? told() : unknownType("data source", typeName),
  ValidateEphemeralResourceConfig: ({ typeName = "" }: Request, provider: AnyProvider) =>
    provider.ephemeralResources[typeName] ? told() : unknownType("ephemeral resource", typeName),
  async ReadDataSource<Session>(request: Request, provider: Provider<Session>, session: Session) {
    const { typeName = "", config } = request;
    const source = provider.dataSources[typeName];
    if (!source) return unknownType("data source", typeName);
    if (isDeferred(request, provider, session)) return { deferred: DEFERRED_BY_PROVIDER };
    const { state, diagnostics } = await source.read(session, readBlock(source.schema, config) ?? {});
    return { state: writeBlock(source.schema, state), ...told(diagnostics) };
  },
  async OpenEphemeralResource<Session>(request: Request, provider: Provider<Session>, session: Session) {
    const { typeName = "", config } = request;
    const resource = provider.ephemeralResources[typeName];
    if (!resource) return unknownType("ephemeral resource", typeName);
    if (isDeferred(request, provider, session)) return { deferred: DEFERRED_BY_PROVIDER };
    const { result, diagnostics } = await resource.open(session, readBlock(resource.schema, config) ?? {});
    return { result: writeBlock(resource.schema, result), ...told(diagnostics) };
  },
  // Nothing that is opened here has to be renewed or closed.
  RenewEphemeralResource: () => ({}),
  CloseEphemeralResource: () => ({}),
  CallFunction({ name = "", arguments: given = [] }: Request, provider: AnyProvider): Message {
    const found = provider.functions[name];
    if (!found) return { error: { text: `There is no function ${name}. Is the provider of another version?` } };
    const { parameters, variadic, returns } = found.schema;
    try {
      const values = given.map((each, i) => readValue((parameters[i] ?? variadic)?.type ?? "dynamic", each));
      return { result: { msgpack: writeDynamicValue(returns, found.call(values)) } };
    } catch (problem) {
      if (!(problem instanceof ArgumentRefused)) throw problem;
      return { error: { text: problem.message, argument: problem.argument } };
    }
  },
};
