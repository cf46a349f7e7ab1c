import { isIPv6 } from "node:net";

/** The domains that the APIs of clouds are served under, and the sign-in that leads to them. */
const CLOUD_DOMAINS = [
  "amazonaws.com",
  "amazonaws.com.cn",
  "amazonaws.eu",
  "api.aws",
  "api.amazonwebservices.com.cn",
  "on.aws",
  "aws.amazon.com",
  "awsapps.com",
  "c2s.ic.gov",
  "sc2s.sgov.gov",
  "googleapis.com",
  "cloud.google.com",
  "accounts.google.com",
  "metadata.google.internal",
  "azure.com",
  "azure.net",
  "azure.cn",
  "azure.us",
  "windows.net",
  "microsoftonline.com",
  "microsoftonline.us",
  "chinacloudapi.cn",
  "usgovcloudapi.net",
];

/** Addresses that a cloud's machines ask for their credentials. */
const METADATA = /^169\.254\.|^fd00:ec2:/;

/** Whether requests to this host would reach a real cloud. `host` is without its port. */
export function isCloudHost(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, "");
  if (METADATA.test(name)) return true;
  return CLOUD_DOMAINS.some((domain) => name === domain || name.endsWith(`.${domain}`));
}

export interface Authority {
  /** In lower case, without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
}

/** `example.com:443`, `[::1]:443`: the two parts of what a proxy is asked to connect to. */
export function readAuthority(authority: string, defaultPort?: number): Authority | undefined {
  const [, bracketed, plain, port = defaultPort] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(authority) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || port === undefined || (bracketed !== undefined && !isIPv6(bracketed))) return undefined;
  return { host: host.toLowerCase(), port: Number(port) };
}
