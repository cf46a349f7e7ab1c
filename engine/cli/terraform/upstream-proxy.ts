type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy that the user's own environment names for requests to a host, if it names one. */
export function upstreamProxy(environment: Environment, scheme: "http" | "https", host: string): URL | undefined {
  const named = (name: string) => environment[name.toLowerCase()] || environment[name] || undefined;
  const proxy = named(scheme === "https" ? "HTTPS_PROXY" : "HTTP_PROXY");
  if (proxy === undefined || isExcepted(named("NO_PROXY") ?? "", host)) return undefined;
  return new URL(proxy.includes("://") ? proxy : `http://${proxy}`);
}

/** `NO_PROXY` as most programs read it: names with all that is below them, or `*`; ports do not count. */
function isExcepted(list: string, host: string): boolean {
  return list
    .split(",")
    .map((entry) => entry.trim().replace(/:\d+$/, "").replace(/^\*?\./, ""))
    .some((entry) => entry === "*" || (entry !== "" && (host === entry || host.endsWith(`.${entry}`))));
}

/** What a proxy wants to see before it works, when its address holds a name and a password. */
export function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (username === "") return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}` };
}
