import { AwsFailure } from "../../../../protocols/aws/codec.ts";

/** What documents are refused with. */
export const malformedXml = () =>
  new AwsFailure({
    code: "MalformedXML",
    status: 400,
    message: "The XML you provided was not well-formed or did not validate against our published schema",
  });
export const invalidRequest = (message: string) => new AwsFailure({ code: "InvalidRequest", status: 400, message });
export const badArgument = (message: string) => new AwsFailure({ code: "InvalidArgument", status: 400, message });
