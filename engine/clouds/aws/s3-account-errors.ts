import type { AwsWireError } from "./binding.ts";

type Details = Readonly<Record<string, unknown>>;
const says = (text: string) => () => text;
const ofPoint = ({ name }: Details) => ({ AccessPointName: name });

/** How S3 and S3 Control say what is wrong with that which belongs to an account rather than to a bucket. */
export const accountErrors = {
  AccountBlockNotFound: {
    code: "NoSuchPublicAccessBlockConfiguration",
    status: 404,
    message: says("The public access block configuration was not found"),
    members: ({ account }: Details) => ({ AccountId: account }),
  },
  AccessPointNotFound: {
    code: "NoSuchAccessPoint",
    status: 404,
    message: says("The specified accesspoint does not exist"),
    members: ofPoint,
  },
  AccessPointNameInvalid: {
    code: "InvalidRequest",
    status: 400,
    message: says("The specified access point name is not valid"),
  },
  AccessPointExists: {
    code: "AccessPointAlreadyOwnedByYou",
    status: 409,
    message: says("Your previous request to create the named accesspoint succeeded and you already own it."),
  },
  AccessPointPolicyNotFound: {
    code: "NoSuchAccessPointPolicy",
    status: 404,
    message: says("The specified accesspoint policy does not exist"),
    members: ofPoint,
  },
  MultiRegionPointNotFound: {
    code: "NoSuchMultiRegionAccessPoint",
    status: 404,
    message: says("The specified Multi-Region Access Point does not exist"),
  },
  MultiRegionPointExists: {
    code: "MultiRegionAccessPointAlreadyOwnedByYou",
    status: 409,
    message: says("You already have a Multi-Region Access Point with the same name."),
  },
  RegionsInvalid: { code: "InvalidRequest", status: 400 },
  PointRequestNotFound: {
    code: "NoSuchAsyncRequest",
    status: 404,
    message: says("The specified request does not exist."),
  },
  DashboardNotFound: {
    code: "NoSuchConfiguration",
    status: 404,
    message: says("The specified configuration does not exist."),
  },
  DashboardInvalid: { code: "InvalidRequest", status: 400 },
} satisfies Record<string, AwsWireError>;
