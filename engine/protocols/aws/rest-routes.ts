import { invariant } from "../../platform/invariant.ts";
import type { WireRequest } from "../wire.ts";
import { AwsFailure } from "./codec.ts";
import type { AwsModel, AwsOperation } from "./model.ts";

type WireHeaders = WireRequest["headers"];

export interface RestMatch {
  readonly operation: AwsOperation;
  /** Decoded labels of the URI template, by the wire names of their members. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface RestRoutes {
  /** Path and query as sent. Undefined when the service has no such route. */
  match(method: string, path: string, query: string, headers: WireHeaders): RestMatch | undefined;
}

/**
 * Operations that one request could mean both of, and the one that it means. The other is chosen by its name in `x-id`,
 * which the SDK for JavaScript sends. AWS tells them apart by host (`s3express-control.<region>`).
 */
const TWINS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  s3: { ListDirectoryBuckets: "ListBuckets" },
};

/** Query members without which a request is not the operation at all, by operation; the model only requires them. */
const MARKS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  s3: { CompleteMultipartUpload: "uploadId" },
};

interface Route {
  readonly operation: AwsOperation;
  readonly labels: readonly string[];
  /** Keys of the template's own query, with the value where it gives one. */
  readonly literals: readonly (readonly [key: string, value: string | undefined])[];
  readonly requiredQuery: readonly string[];
  readonly requiredHeaders: readonly string[];
}

/** What ends here, by method: most particular first. */
type Leaf = Map<string, Route[]>;

interface PathNode {
  readonly literals: Map<string, PathNode>;
  label?: PathNode;
  /** After `{Label+}`: leaves by what must follow it, longest first (`/policy`; mostly nothing). */
  readonly greedy: { readonly suffix: string; readonly leaf: Leaf }[];
  readonly leaf: Leaf;
}

const newNode = (): PathNode => ({ literals: new Map(), greedy: [], leaf: new Map() });

/**
 * The routes of a REST service. A route is chosen by method and path (literal before label before greedy label), then
 * by the template's query keys, then by the headers and query members that an operation requires.
 * Errors: two operations with one key stop the start, with both names
 */
export function buildRestRoutes(model: AwsModel): RestRoutes {
  const root = newNode();
  const owners = new Map<string, string>();
  const twins = TWINS[model.id] ?? {};
  for (const operation of model.operations.values()) {
    if (twins[operation.name] !== undefined) continue;
    const route = routeOf(operation, MARKS[model.id]?.[operation.name]);
    const key = keyOf(route);
    const owner = owners.get(key);
    invariant(owner === undefined, `${model.id}: ${owner} and ${operation.name} both own ${key}`);
    owners.set(key, operation.name);
    insert(root, route);
  }
  return {
    match(method, path, query, headers) {
      const captured: string[] = [];
      const routes = findRoutes(root, method, path, 1, captured);
      if (routes === undefined) return undefined;
      const route = chooseRoute(routes, query, headers);
      return route === undefined
        ? undefined
        : { operation: twinOf(model, twins, route.operation, query), labels: labelsOf(route, captured) };
    },
  };
}

function routeOf(operation: AwsOperation, mark: string | undefined): Route {
  const [path = "/", query = ""] = operation.uri.split("?");
  const literals: Route["literals"] = [...new URLSearchParams(query)]
    .filter(([key]) => key !== "x-id")
    .map(([key, value]) => [key, value || undefined] as const)
    .concat(mark === undefined ? [] : [[mark, undefined]]);
  const required = (operation.input?.required ?? []).map((name) => operation.input!.members.get(name)!);
  const requiredOf = (location: string) =>
    required.filter((member) => member.location === location).map((member) => member.wireName);
  return {
    operation,
    labels: Array.from(path.matchAll(/\{([^}+]+)\+?\}/g), ([, name]) => name!),
    literals,
    requiredQuery: requiredOf("querystring").filter((key) => !literals.some(([literal]) => literal === key)),
    requiredHeaders: requiredOf("header").map((name) => name.toLowerCase()),
  };
}

function keyOf({ operation, literals, requiredQuery, requiredHeaders }: Route): string {
  const path = operation.uri
    .split("?")[0]!
    .replace(/\{[^}+]+(\+?)\}/g, "{$1}")
    .replace(/(.)\/$/, "$1");
  const parts = [
    ...literals.map(([key, value]) => (value === undefined ? key : `${key}=${value}`)),
    ...requiredQuery,
    ...requiredHeaders,
  ];
  return `${operation.method} ${path} ${parts.sort().join("&")}`;
}

function insert(root: PathNode, route: Route): void {
  const segments = route.operation.uri
    .split("?")[0]!
    .split("/")
    .filter((segment) => segment !== "");
  let node = root;
  for (const [i, segment] of segments.entries()) {
    if (segment.endsWith("+}")) {
      const suffix = segments
        .slice(i + 1)
        .map((rest) => `/${rest}`)
        .join("");
      let entry = node.greedy.find((candidate) => candidate.suffix === suffix);
      if (entry === undefined) node.greedy.push((entry = { suffix, leaf: new Map() }));
      node.greedy.sort((a, b) => b.suffix.length - a.suffix.length);
      addToLeaf(entry.leaf, route);
      return;
    }
    if (segment.startsWith("{")) {
      node = node.label ??= newNode();
      continue;
    }
    let next = node.literals.get(segment);
    if (next === undefined) node.literals.set(segment, (next = newNode()));
    node = next;
  }
  addToLeaf(node.leaf, route);
}

const requirements = (route: Route) => route.requiredQuery.length + route.requiredHeaders.length;

function addToLeaf(leaf: Leaf, route: Route): void {
  const routes = leaf.get(route.operation.method) ?? [];
  routes.push(route);
  routes.sort((a, b) => b.literals.length - a.literals.length || requirements(b) - requirements(a));
  leaf.set(route.operation.method, routes);
}

/** Walks the path from `at`, the place after a slash; a slash at the end counts for nothing outside greedy labels. */
function findRoutes(node: PathNode, method: string, path: string, at: number, captured: string[]): Route[] | undefined {
  if (at >= path.length) return node.leaf.get(method);
  const slash = path.indexOf("/", at);
  const end = slash === -1 ? path.length : slash;
  const segment = path.slice(at, end);
  const literal = node.literals.get(segment.includes("%") ? decode(segment) : segment);
  const routes = literal === undefined ? undefined : findRoutes(literal, method, path, end + 1, captured);
  if (routes !== undefined) return routes;
  if (node.label !== undefined && segment !== "") {
    captured.push(segment);
    const labelled = findRoutes(node.label, method, path, end + 1, captured);
    if (labelled !== undefined) return labelled;
    captured.pop();
  }
  for (const { suffix, leaf } of node.greedy) {
    const greedy = leaf.get(method);
    if (greedy === undefined || !path.endsWith(suffix) || path.length - suffix.length <= at) continue;
    captured.push(path.slice(at, path.length - suffix.length));
    return greedy;
  }
  return undefined;
}

function chooseRoute(routes: readonly Route[], query: string, headers: WireHeaders): Route | undefined {
  const only = routes[0]!;
  if (routes.length === 1 && only.literals.length === 0) return only;
  const given = queryKeys(query);
  let incomplete: Route | undefined;
  for (const route of routes) {
    if (!route.literals.every(([key, value]) => given.has(key) && (value === undefined || given.get(key) === value)))
      continue;
    if (
      route.requiredQuery.every((key) => given.has(key)) &&
      route.requiredHeaders.every((name) => headers[name] !== undefined)
    ) {
      return route;
    }
    // Nothing fits better: the request is meant for this one, and validation says what it lacks.
    incomplete ??= route;
  }
  return incomplete;
}

const NO_KEYS: ReadonlyMap<string, string> = new Map();

function queryKeys(query: string): ReadonlyMap<string, string> {
  if (query === "") return NO_KEYS;
  const keys = new Map<string, string>();
  for (const pair of query.split("&")) {
    const equals = pair.indexOf("=");
    const key = equals === -1 ? pair : pair.slice(0, equals);
    keys.set(key.includes("%") ? decode(key) : key, equals === -1 ? "" : decode(pair.slice(equals + 1)));
  }
  return keys;
}

function twinOf(
  model: AwsModel,
  twins: Readonly<Record<string, string>>,
  operation: AwsOperation,
  query: string,
): AwsOperation {
  for (const [name, owner] of Object.entries(twins)) {
    if (owner === operation.name && queryKeys(query).get("x-id") === name) return model.operations.get(name)!;
  }
  return operation;
}

function labelsOf(route: Route, captured: readonly string[]): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let i = 0; i < captured.length; i++) labels[route.labels[i]!] = decode(captured[i]!);
  return labels;
}

function decode(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new AwsFailure({ code: "InvalidURI", status: 400, message: "Couldn't parse the specified URI." }, cause);
  }
}
