import type { SnsOperations } from "../../../../models/aws/sns.generated.ts";
import { topics } from "../../../../services/topics/service.ts";
import { bind } from "../../binding.ts";
import { invalidParameter, nextToken, pageFrom } from "../model.ts";

const nothing = () => ({});

/** Every setting of texts, and which values it takes; an empty one takes it back. */
const TEXT_SETTINGS: Readonly<Record<string, RegExp>> = {
  MonthlySpendLimit: /^[0-9]*$/,
  DeliveryStatusIAMRole: /^(?:arn:.*)?$/,
  DeliveryStatusSuccessSamplingRate: /^(?:[0-9]{1,2}|100)?$/,
  DefaultSenderID: /^(?:(?=.*[A-Za-z])[A-Za-z0-9-]{1,11})?$/,
  DefaultSMSType: /^(?:Promotional|Transactional)?$/,
  UsageReportS3Bucket: /^.*$/,
};

function textSettingsFrom(attributes: Readonly<Record<string, string>>): Record<string, string> {
  for (const [name, value] of Object.entries(attributes)) {
    const form = TEXT_SETTINGS[name];
    if (form === undefined) throw invalidParameter(`Unknown attribute: ${name}`);
    if (!form.test(value)) throw invalidParameter(`${name}: Invalid value [${value}]`);
  }
  return { ...attributes };
}

export const phoneOperations = bind<SnsOperations>()(topics, {
  SetSMSAttributes: {
    to: "updateTextSettings",
    in: ({ attributes }) => ({ settings: textSettingsFrom(attributes) }),
    out: nothing,
    recordedOnly: ["attributes"],
  },
  GetSMSAttributes: {
    to: "getTextSettings",
    in: nothing,
    out: ({ settings }, { attributes: names = [] }) => ({
      attributes:
        names.length === 0
          ? settings
          : Object.fromEntries(Object.entries(settings).filter(([name]) => names.includes(name))),
    }),
  },
  CheckIfPhoneNumberIsOptedOut: {
    to: "isPhoneNumberSilenced",
    in: ({ phoneNumber }) => ({ number: phoneNumber }),
    out: ({ isSilenced }) => ({ isOptedOut: isSilenced }),
  },
  ListPhoneNumbersOptedOut: {
    to: "listSilencedPhoneNumbers",
    in: ({ nextToken: token }) => pageFrom(token),
    out: ({ numbers, next }) => ({ phoneNumbers: numbers, ...(next !== undefined && { nextToken: next }) }),
  },
  OptInPhoneNumber: {
    to: "unsilencePhoneNumber",
    in: ({ phoneNumber }) => ({ number: phoneNumber }),
    out: nothing,
  },
  GetSMSSandboxAccountStatus: {
    to: "getTextStatus",
    in: nothing,
    out: ({ isTriedOut }) => ({ IsInSandbox: isTriedOut }),
  },
  ListOriginationNumbers: {
    to: "getTextStatus",
    in: nothing,
    out: ({ senders }) => ({ PhoneNumbers: senders.map((PhoneNumber) => ({ PhoneNumber })) }),
    accepted: ["NextToken", "MaxResults"],
  },
  CreateSMSSandboxPhoneNumber: {
    to: "addTestNumber",
    in: ({ PhoneNumber }) => ({ number: PhoneNumber }),
    out: nothing,
    accepted: ["LanguageCode"],
  },
  VerifySMSSandboxPhoneNumber: {
    to: "verifyTestNumber",
    in: ({ PhoneNumber, OneTimePassword }) => ({ number: PhoneNumber, code: OneTimePassword }),
    out: nothing,
  },
  DeleteSMSSandboxPhoneNumber: {
    to: "removeTestNumber",
    in: ({ PhoneNumber }) => ({ number: PhoneNumber }),
    out: nothing,
  },
  ListSMSSandboxPhoneNumbers: {
    to: "listTestNumbers",
    in: ({ NextToken }) => pageFrom(NextToken),
    out: ({ numbers, next }) => ({
      PhoneNumbers: numbers.map(({ number, isVerified }) => ({
        PhoneNumber: number,
        Status: isVerified ? "Verified" : "Pending",
      })),
      ...nextToken(next),
    }),
    accepted: ["MaxResults"],
  },
});
