// Table: the messages and calls of Terraform's plugin protocol 6.8, fields by their numbers on the wire.
import type { Field, FieldKind, MessageTable } from "./protobuf.ts";

const one = (number: number, kind: FieldKind): Field => ({ number, kind });
const list = (number: number, kind: FieldKind): Field => ({ number, kind, many: "list" });
const map = (number: number, kind: FieldKind): Field => ({ number, kind, many: "map" });

const diagnosticsOnly = { diagnostics: list(1, ".Diagnostic") };
const configOf = { typeName: one(1, "text"), config: one(2, ".DynamicValue") };

export const MESSAGES: MessageTable = {
  Empty: {},
  HealthCheck: { status: one(1, "integer") },

  DynamicValue: { msgpack: one(1, "bytes"), json: one(2, "bytes") },
  RawState: { json: one(1, "bytes") },
  Timestamp: { seconds: one(1, "integer"), nanos: one(2, "integer") },
  Diagnostic: {
    severity: one(1, "integer"),
    summary: one(2, "text"),
    detail: one(3, "text"),
    attribute: one(4, ".AttributePath"),
  },
  AttributePath: { steps: list(1, ".Step") },
  Step: { attributeName: one(1, "text"), elementKeyString: one(2, "text"), elementKeyInt: one(3, "integer") },
  FunctionError: { text: one(1, "text"), argument: one(2, "integer") },
  ServerCapabilities: {
    planDestroy: one(1, "bool"),
    schemaOptional: one(2, "bool"),
    moveResourceState: one(3, "bool"),
  },
  ClientCapabilities: { deferralAllowed: one(1, "bool"), writeOnlyAllowed: one(2, "bool") },
  Deferred: { reason: one(1, "integer") },

  Schema: { version: one(1, "integer"), block: one(2, ".Block") },
  Block: {
    version: one(1, "integer"),
    attributes: list(2, ".Attribute"),
    description: one(4, "text"),
    descriptionKind: one(5, "integer"),
  },
  Attribute: {
    name: one(1, "text"),
    type: one(2, "bytes"),
    nestedType: one(10, ".NestedType"),
    description: one(3, "text"),
    required: one(4, "bool"),
    optional: one(5, "bool"),
    computed: one(6, "bool"),
    sensitive: one(7, "bool"),
    descriptionKind: one(8, "integer"),
    writeOnly: one(11, "bool"),
  },
  NestedType: { attributes: list(1, ".Attribute"), nesting: one(3, "integer") },
  Function: {
    parameters: list(1, ".Parameter"),
    variadicParameter: one(2, ".Parameter"),
    result: one(3, ".Result"),
    summary: one(4, "text"),
    description: one(5, "text"),
  },
  Parameter: {
    name: one(1, "text"),
    type: one(2, "bytes"),
    allowNullValue: one(3, "bool"),
    description: one(5, "text"),
  },
  Result: { type: one(1, "bytes") },

  "GetProviderSchema.Response": {
    provider: one(1, ".Schema"),
    resourceSchemas: map(2, ".Schema"),
    dataSourceSchemas: map(3, ".Schema"),
    serverCapabilities: one(6, ".ServerCapabilities"),
    functions: map(7, ".Function"),
    ephemeralResourceSchemas: map(8, ".Schema"),
  },
  "GetMetadata.Response": {
    serverCapabilities: one(1, ".ServerCapabilities"),
    dataSources: list(3, ".TypeName"),
    resources: list(4, ".TypeName"),
    functions: list(5, ".TypeName"),
    ephemeralResources: list(6, ".TypeName"),
  },
  TypeName: { typeName: one(1, "text") },
  "GetFunctions.Response": { functions: map(1, ".Function") },

  "ValidateProviderConfig.Request": { config: one(1, ".DynamicValue") },
  "ValidateProviderConfig.Response": { diagnostics: list(2, ".Diagnostic") },
  "ConfigureProvider.Request": {
    terraformVersion: one(1, "text"),
    config: one(2, ".DynamicValue"),
    clientCapabilities: one(3, ".ClientCapabilities"),
  },
  "ConfigureProvider.Response": diagnosticsOnly,
  "ValidateResourceConfig.Request": { ...configOf, clientCapabilities: one(3, ".ClientCapabilities") },
  "ValidateResourceConfig.Response": diagnosticsOnly,
  "ValidateDataResourceConfig.Request": configOf,
  "ValidateDataResourceConfig.Response": diagnosticsOnly,
  "ValidateEphemeralResourceConfig.Request": configOf,
  "ValidateEphemeralResourceConfig.Response": diagnosticsOnly,

  "UpgradeResourceState.Request": {
    typeName: one(1, "text"),
    version: one(2, "integer"),
    rawState: one(3, ".RawState"),
  },
  "UpgradeResourceState.Response": {
    upgradedState: one(1, ".DynamicValue"),
    diagnostics: list(2, ".Diagnostic"),
  },
  "ReadResource.Request": {
    typeName: one(1, "text"),
    currentState: one(2, ".DynamicValue"),
    private: one(3, "bytes"),
    clientCapabilities: one(5, ".ClientCapabilities"),
  },
  "ReadResource.Response": {
    newState: one(1, ".DynamicValue"),
    diagnostics: list(2, ".Diagnostic"),
    private: one(3, "bytes"),
    deferred: one(4, ".Deferred"),
  },
  "PlanResourceChange.Request": {
    typeName: one(1, "text"),
    priorState: one(2, ".DynamicValue"),
    proposedNewState: one(3, ".DynamicValue"),
    config: one(4, ".DynamicValue"),
    priorPrivate: one(5, "bytes"),
    clientCapabilities: one(7, ".ClientCapabilities"),
  },
  "PlanResourceChange.Response": {
    plannedState: one(1, ".DynamicValue"),
    requiresReplace: list(2, ".AttributePath"),
    plannedPrivate: one(3, "bytes"),
    diagnostics: list(4, ".Diagnostic"),
    deferred: one(6, ".Deferred"),
  },
  "ApplyResourceChange.Request": {
    typeName: one(1, "text"),
    priorState: one(2, ".DynamicValue"),
    plannedState: one(3, ".DynamicValue"),
    config: one(4, ".DynamicValue"),
    plannedPrivate: one(5, "bytes"),
  },
  "ApplyResourceChange.Response": {
    newState: one(1, ".DynamicValue"),
    private: one(2, "bytes"),
    diagnostics: list(3, ".Diagnostic"),
  },
  "ImportResourceState.Request": {
    typeName: one(1, "text"),
    id: one(2, "text"),
    clientCapabilities: one(3, ".ClientCapabilities"),
  },
  "ImportResourceState.Response": {
    importedResources: list(1, ".ImportedResource"),
    diagnostics: list(2, ".Diagnostic"),
    deferred: one(3, ".Deferred"),
  },
  ImportedResource: { typeName: one(1, "text"), state: one(2, ".DynamicValue"), private: one(3, "bytes") },
  "MoveResourceState.Request": {
    sourceProviderAddress: one(1, "text"),
    sourceTypeName: one(2, "text"),
    sourceSchemaVersion: one(3, "integer"),
    sourceState: one(4, ".RawState"),
    targetTypeName: one(5, "text"),
    sourcePrivate: one(6, "bytes"),
  },
  "MoveResourceState.Response": {
    targetState: one(1, ".DynamicValue"),
    diagnostics: list(2, ".Diagnostic"),
    targetPrivate: one(3, "bytes"),
  },
  "ReadDataSource.Request": { ...configOf, clientCapabilities: one(4, ".ClientCapabilities") },
  "ReadDataSource.Response": {
    state: one(1, ".DynamicValue"),
    diagnostics: list(2, ".Diagnostic"),
    deferred: one(3, ".Deferred"),
  },
  "CallFunction.Request": { name: one(1, "text"), arguments: list(2, ".DynamicValue") },
  "CallFunction.Response": { result: one(1, ".DynamicValue"), error: one(2, ".FunctionError") },

  "OpenEphemeralResource.Request": { ...configOf, clientCapabilities: one(3, ".ClientCapabilities") },
  "OpenEphemeralResource.Response": {
    diagnostics: list(1, ".Diagnostic"),
    renewAt: one(2, ".Timestamp"),
    result: one(3, ".DynamicValue"),
    private: one(4, "bytes"),
    deferred: one(5, ".Deferred"),
  },
  "RenewEphemeralResource.Request": { typeName: one(1, "text"), private: one(2, "bytes") },
  "RenewEphemeralResource.Response": {
    diagnostics: list(1, ".Diagnostic"),
    renewAt: one(2, ".Timestamp"),
    private: one(3, "bytes"),
  },
  "CloseEphemeralResource.Request": { typeName: one(1, "text"), private: one(2, "bytes") },
  "CloseEphemeralResource.Response": diagnosticsOnly,
  "StopProvider.Response": { error: one(1, "text") },
};

interface Call {
  readonly request: string;
  readonly response: string;
}
const call = (name: string): Call => ({ request: `${name}.Request`, response: `${name}.Response` });
const asking = (name: string): Call => ({ request: "Empty", response: `${name}.Response` });

/** The provider's calls by name: what they take and give. */
export const CALLS = {
  GetMetadata: asking("GetMetadata"),
  GetProviderSchema: asking("GetProviderSchema"),
  GetFunctions: asking("GetFunctions"),
  ValidateProviderConfig: call("ValidateProviderConfig"),
  ConfigureProvider: call("ConfigureProvider"),
  ValidateResourceConfig: call("ValidateResourceConfig"),
  ValidateDataResourceConfig: call("ValidateDataResourceConfig"),
  ValidateEphemeralResourceConfig: call("ValidateEphemeralResourceConfig"),
  UpgradeResourceState: call("UpgradeResourceState"),
  ReadResource: call("ReadResource"),
  PlanResourceChange: call("PlanResourceChange"),
  ApplyResourceChange: call("ApplyResourceChange"),
  ImportResourceState: call("ImportResourceState"),
  MoveResourceState: call("MoveResourceState"),
  ReadDataSource: call("ReadDataSource"),
  CallFunction: call("CallFunction"),
  OpenEphemeralResource: call("OpenEphemeralResource"),
  RenewEphemeralResource: call("RenewEphemeralResource"),
  CloseEphemeralResource: call("CloseEphemeralResource"),
  StopProvider: asking("StopProvider"),
} as const satisfies Readonly<Record<string, Call>>;

export type CallName = keyof typeof CALLS;
