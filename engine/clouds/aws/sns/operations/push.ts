import type { SnsOperations } from "../../../../models/aws/sns.generated.ts";
import type { OperationOutput } from "../../../../services/manifest.ts";
import { topics } from "../../../../services/topics/service.ts";
import { bind } from "../../binding.ts";
import {
  applicationArn,
  applicationOf,
  booleanOf,
  deviceArn,
  deviceOf,
  invalidParameter,
  nextToken,
  pageFrom,
} from "../model.ts";

type Application = OperationOutput<typeof topics, "getPushApplication">;
type Device = OperationOutput<typeof topics, "getDevice">;

const nothing = () => ({});
const enabled = (text: string) => booleanOf(text, () => invalidParameter("Attributes Reason: Enabled"));

/** What is written and never read back. */
const SECRETS = new Set(["PlatformCredential", "PlatformPrincipal"]);
const SETTINGS = new Set([
  "EventEndpointCreated",
  "EventEndpointDeleted",
  "EventEndpointUpdated",
  "EventDeliveryFailure",
  "SuccessFeedbackRoleArn",
  "FailureFeedbackRoleArn",
  "SuccessFeedbackSampleRate",
  "ApplePlatformTeamID",
  "ApplePlatformBundleID",
]);

function applicationFrom(attributes: Readonly<Record<string, string>>) {
  const change = { settings: {} as Record<string, string>, secrets: {} as Record<string, string> };
  for (const [name, text] of Object.entries(attributes)) {
    if (SECRETS.has(name)) change.secrets[name] = text;
    else if (SETTINGS.has(name)) change.settings[name] = text;
    else if (name !== "Enabled") throw invalidParameter(`Attributes Reason: Invalid attribute name: ${name}`);
  }
  const { Enabled } = attributes;
  return Enabled === undefined ? change : { ...change, isEnabled: enabled(Enabled) };
}
const applicationAttributes = ({ isEnabled, settings }: Application) => ({ ...settings, Enabled: String(isEnabled) });

function deviceFrom(attributes: Readonly<Record<string, string>>) {
  const { CustomUserData, Enabled, Token, ...unknown } = attributes;
  const [name] = Object.keys(unknown);
  if (name !== undefined) throw invalidParameter(`Attributes Reason: Invalid attribute name: ${name}`);
  return {
    ...(CustomUserData !== undefined && { userData: CustomUserData }),
    ...(Enabled !== undefined && { isEnabled: enabled(Enabled) }),
    ...(Token !== undefined && { token: Token }),
  };
}
const deviceAttributes = ({ isEnabled, token, userData }: Device) => ({
  Enabled: String(isEnabled),
  Token: token,
  ...(userData !== undefined && { CustomUserData: userData }),
});

export const pushOperations = bind<SnsOperations>()(topics, {
  CreatePlatformApplication: {
    to: "createPushApplication",
    in: ({ Name, Platform, Attributes }) => {
      if (!Attributes["PlatformCredential"]) throw invalidParameter("PlatformCredential Reason: cannot be empty");
      return { platform: Platform, application: Name, ...applicationFrom(Attributes) };
    },
    out: (application) => ({ PlatformApplicationArn: applicationArn(application) }),
    recordedOnly: ["Attributes"],
  },
  GetPlatformApplicationAttributes: {
    to: "getPushApplication",
    in: ({ PlatformApplicationArn }) => applicationOf(PlatformApplicationArn),
    out: (application) => ({ Attributes: applicationAttributes(application) }),
  },
  SetPlatformApplicationAttributes: {
    to: "updatePushApplication",
    in: ({ PlatformApplicationArn, Attributes }) => ({
      ...applicationOf(PlatformApplicationArn),
      ...applicationFrom(Attributes),
    }),
    out: nothing,
    recordedOnly: ["Attributes"],
  },
  ListPlatformApplications: {
    to: "listPushApplications",
    in: ({ NextToken }) => pageFrom(NextToken),
    out: ({ applications, next }) => ({
      PlatformApplications: applications.map((application) => ({
        PlatformApplicationArn: applicationArn(application),
        Attributes: applicationAttributes(application),
      })),
      ...nextToken(next),
    }),
  },
  DeletePlatformApplication: {
    to: "deletePushApplication",
    in: ({ PlatformApplicationArn }) => applicationOf(PlatformApplicationArn),
    out: nothing,
  },
  CreatePlatformEndpoint: {
    to: "createDevice",
    in: ({ PlatformApplicationArn, Token, CustomUserData, Attributes = {} }) => ({
      ...applicationOf(PlatformApplicationArn),
      ...deviceFrom(Attributes),
      token: Token,
      ...(CustomUserData !== undefined && { userData: CustomUserData }),
    }),
    out: (device) => ({ EndpointArn: deviceArn(device) }),
  },
  GetEndpointAttributes: {
    to: "getDevice",
    in: ({ EndpointArn }) => deviceOf(EndpointArn),
    out: (device) => ({ Attributes: deviceAttributes(device) }),
  },
  SetEndpointAttributes: {
    to: "updateDevice",
    in: ({ EndpointArn, Attributes }) => ({ ...deviceOf(EndpointArn), ...deviceFrom(Attributes) }),
    out: nothing,
  },
  ListEndpointsByPlatformApplication: {
    to: "listDevices",
    in: ({ PlatformApplicationArn, NextToken }) => ({
      ...applicationOf(PlatformApplicationArn),
      ...pageFrom(NextToken),
    }),
    out: ({ devices, next }) => ({
      Endpoints: devices.map((device) => ({ EndpointArn: deviceArn(device), Attributes: deviceAttributes(device) })),
      ...nextToken(next),
    }),
  },
  DeleteEndpoint: { to: "deleteDevice", in: ({ EndpointArn }) => deviceOf(EndpointArn), out: nothing },
});
