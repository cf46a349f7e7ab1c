import type { IncomingMessage } from "node:http";

const CODE = "RealCloudRefused";

export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * A refusal in the form that an AWS SDK reads code and text from: JSON, S3's XML or the query protocol's.
 * Its status is one that no SDK tries again.
 */
export function refusalOf(request: IncomingMessage, host: string, text: string): Refusal {
  const isJson = /json|cbor/.test(request.headers["content-type"] ?? "");
  const error = `<Error><Code>${CODE}</Code><Message>${text}</Message></Error>`;
  const isS3 = /(^|[.-])s3[.-]/.test(host);
  return {
    status: 403,
    headers: { "content-type": isJson ? "application/json" : "text/xml", "x-amzn-errortype": CODE },
    body: isJson
      ? JSON.stringify({ __type: CODE, message: text })
      : isS3
        ? error
        : `<ErrorResponse>${error}</ErrorResponse>`,
  };
}
