// The layers of ARCHITECTURE.md, top to bottom: a layer imports only what stands below it.
const LAYERS = [
  ["cli", "console", "embedded", "apps", "gateway"],
  ["clouds", "protocols", "stack", "services", "kernel", "platform"],
].flat();
const never = (name, from, to, comment) => ({ name, severity: "error", comment, from, to });
const tests = "[.]test[.]ts$|^engine/testing/";

module.exports = {
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)dist[^/]*/|^engine/starters/" },
    enhancedResolveOptions: {
      conditionNames: ["import", "node", "default"],
      exportsFields: ["exports"],
      extensions: [".ts", ".mjs", ".cjs", ".js", ".json"],
    },
  },
  forbidden: [
    never("no-cycles", {}, { circular: true }),
    ...LAYERS.slice(1).map((layer, i) =>
      never(
        `${layer}-never-looks-up`,
        { path: `^engine/${layer}/`, pathNot: tests },
        { path: `^engine/(${LAYERS.slice(0, i + 1).join("|")})/` },
      ),
    ),
    // Files directly in services/ and clouds/<cloud>/ are the vocabulary that every service there is written in.
    never(
      "services-never-look-sideways",
      { path: "^engine/services/([^/]+)/", pathNot: tests },
      { path: "^engine/services/[^/]+/", pathNot: "^engine/services/$1/" },
    ),
    never(
      "clouds-never-look-sideways",
      { path: "^engine/clouds/([^/]+)/" },
      { path: "^engine/clouds/[^/]+/", pathNot: "^engine/clouds/$1/" },
    ),
    never(
      "cloud-services-never-look-sideways",
      { path: "^engine/clouds/([^/]+)/([^/]+)/", pathNot: tests },
      { path: "^engine/clouds/[^/]+/[^/]+/", pathNot: "^engine/clouds/$1/$2/" },
    ),
    never("front-door-only", { pathNot: "^engine/services/" }, { path: "^engine/services/[^/]+/(?!service[.]ts$)" }),
    never(
      "composition-root-only",
      { path: "^engine/(clouds|protocols|stack|services|kernel|platform)/", pathNot: tests },
      { path: "^engine/(compose|catalog[.]generated)[.]ts$" },
    ),
    never(
      "only-platform-touches-the-machine",
      { path: "^engine/(clouds|protocols|stack|services)/", pathNot: tests },
      {
        dependencyTypes: ["core"],
        path: "^(node:)?(fs|child_process|os|net|http|https|http2|tls|worker_threads|process)($|/)",
      },
    ),
    // It keeps what Node 24 must not collect.
    never(
      "only-one-opens-sqlite",
      { pathNot: "^engine/kernel/sqlite-connection[.]ts$" },
      { path: "node_modules/(@types/)?better-sqlite3/" },
    ),
    never("no-unresolvable", {}, { couldNotResolve: true }),
  ],
};
