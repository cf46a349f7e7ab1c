import type { Redirect as WireRedirect, WebsiteConfiguration } from "../../../../models/aws/s3.generated.ts";
import type { Rules } from "../../../../services/objects/service.ts";
import { badArgument, invalidRequest, malformedXml } from "./faults.ts";

const STATUSES: ReadonlySet<string> = new Set(["301", "302", "303", "304", "305", "307", "308"]);

function statusOf(code: string | undefined): number | undefined {
  if (code === undefined) return undefined;
  if (!STATUSES.has(code))
    throw invalidRequest(`The provided HTTP redirect code (${code}) is not valid. Valid codes are 3XX except 300.`);
  return Number(code);
}

function protocolOf(protocol: string | undefined): string | undefined {
  if (protocol !== undefined && protocol !== "http" && protocol !== "https")
    throw invalidRequest(
      "Invalid protocol, protocol can be http or https. "
        + "If not defined the protocol will be selected automatically.",
    );
  return protocol;
}

function redirectOf(to: WireRedirect) {
  if (Object.keys(to).length === 0) throw malformedXml();
  if (to.ReplaceKeyWith !== undefined && to.ReplaceKeyPrefixWith !== undefined)
    throw invalidRequest("You can only define ReplaceKeyPrefix or ReplaceKey but not both.");
  return {
    host: to.HostName,
    protocol: protocolOf(to.Protocol),
    status: statusOf(to.HttpRedirectCode),
    key: to.ReplaceKeyWith,
    keyPrefix: to.ReplaceKeyPrefixWith,
  };
}

function errorStatusOf(code: string | undefined): number | undefined {
  if (code === undefined) return undefined;
  if (!/^[45]\d\d$/.test(code))
    throw invalidRequest(`The provided HTTP error code (${code}) is not valid. Valid codes are 4XX or 5XX.`);
  return Number(code);
}

const ROUTING_RULES_MAX = 50;

/** What of a website's configuration is acted on. Errors: `AwsFailure` as S3 refuses. */
export function websiteOf(given: WebsiteConfiguration): NonNullable<Rules["website"]> {
  const { IndexDocument: index, RedirectAllRequestsTo: all, RoutingRules: routing, ErrorDocument: error } = given;
  if (all) {
    if (index || error || routing)
      throw badArgument("RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.");
    return { redirectsAll: { host: all.HostName, protocol: protocolOf(all.Protocol) }, redirects: [] };
  }
  if (!index) throw badArgument("A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty");
  if (index.Suffix === "" || index.Suffix.includes("/"))
    throw badArgument("The IndexDocument Suffix is not well formed");
  if (routing && routing.length > ROUTING_RULES_MAX)
    throw invalidRequest(
      `${routing.length} routing rules provided, the number of routing rules in a website configuration is limited to `
        + `${ROUTING_RULES_MAX}.`,
    );
  if (error?.Key === "") throw badArgument("The ErrorDocument Key is not well formed");
  return {
    indexSuffix: index.Suffix,
    errorKey: error?.Key,
    redirects: (routing ?? []).map(({ Condition: when, Redirect: to }) => {
      if (when && Object.keys(when).length === 0)
        throw invalidRequest(
          "Condition cannot be empty. To redirect all requests without a condition, "
            + "the condition element shouldn't be present.",
        );
      return {
        whenPrefix: when?.KeyPrefixEquals,
        whenStatus: errorStatusOf(when?.HttpErrorCodeReturnedEquals),
        to: redirectOf(to),
      };
    }),
  };
}
