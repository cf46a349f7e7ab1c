import type { CORSConfiguration } from "../../../../models/aws/s3.generated.ts";
import type { CorsRule } from "../../../../services/objects/service.ts";
import { invalidRequest, malformedXml } from "./faults.ts";

const METHODS: ReadonlySet<string> = new Set(["GET", "PUT", "HEAD", "POST", "DELETE"]);
const RULES_MAX = 100;
const ID_LENGTH_MAX = 255;

function checkWildcards(name: string, patterns: readonly string[]): void {
  for (const pattern of patterns)
    if (pattern.split("*").length > 2)
      throw invalidRequest(`${name} "${pattern}" can not have more than one wildcard.`);
}

/** The rules of a CORS configuration. Errors: `AwsFailure` as S3 refuses. */
export function corsRulesOf({ CORSRules: given }: CORSConfiguration): CorsRule[] {
  if (given.length === 0) throw malformedXml();
  if (given.length > RULES_MAX)
    throw invalidRequest(`The number of CORS rules should not exceed allowed limit of ${RULES_MAX} rules.`);
  return given.map((rule) => {
    const { AllowedMethods: methods, AllowedOrigins: origins, AllowedHeaders: headers = [] } = rule;
    const { ID: id = "", ExposeHeaders: exposedHeaders = [], MaxAgeSeconds: maxAgeSeconds } = rule;
    if (id.length > ID_LENGTH_MAX) throw invalidRequest("ID length should not exceed allowed limit of 255");
    if (methods.length === 0 || origins.length === 0) throw malformedXml();
    for (const method of methods)
      if (!METHODS.has(method))
        throw invalidRequest(`Found unsupported HTTP method in CORS config. Unsupported method is ${method}`);
    checkWildcards("AllowedOrigin", origins);
    checkWildcards("AllowedHeader", headers);
    for (const header of exposedHeaders)
      if (header.includes("*"))
        throw invalidRequest(
          `ExposeHeader "${header}" contains wildcard. We currently do not support wildcard for ExposeHeader.`,
        );
    return {
      methods,
      origins,
      headers,
      exposedHeaders,
      maxAgeSeconds,
    };
  });
}
