import { Type, type Static } from "typebox";
import { records, subspace } from "../../kernel/subspace.ts";
import { Labels } from "../labels.ts";

/**
 * Paths are `bucket/key` texts. One that ends with `*` stands for everything that begins with the rest of it, and the
 * empty one for all buckets.
 */

export const LIST_LIMIT_MAX = 1000;
export const LABELS_MAX = 50;
export const DURATION_SECONDS = { min: 900, max: 43_200, usual: 3600 };

const timeMs = Type.Number({ description: "Unix time in milliseconds." });
const text = Type.String();

export const Permission = Type.Union([Type.Literal("read"), Type.Literal("write"), Type.Literal("readWrite")]);
export type Permission = Static<typeof Permission>;

/** Who is granted something: a user or role that the cloud knows, by its whole name. */
export const Grantee = Type.Object({ id: text, account: Type.String({ description: "The one it belongs to." }) });
export type Grantee = Static<typeof Grantee>;

export const InstancePolicy = Type.Object({ text, organization: Type.Optional(text), createdAtMs: timeMs });

/** What holds an account's grants in a region. There is one or none. */
export const Instance = Type.Object({
  version: Type.Literal(1),
  createdAtMs: timeMs,
  labels: Labels,
  policy: Type.Optional(InstancePolicy),
});
export type Instance = Static<typeof Instance>;

/** Where grants may lie, and the role that hands out what is there. */
export const Location = Type.Object({
  version: Type.Literal(1),
  id: text,
  path: text,
  role: text,
  createdAtMs: timeMs,
  labels: Labels,
});
export type Location = Static<typeof Location>;

export const Grant = Type.Object({
  version: Type.Literal(1),
  id: text,
  location: Type.String({ description: "The id of the location it lies in." }),
  subPath: Type.Optional(Type.String({ description: "Narrows the location." })),
  path: Type.String({ description: "What is granted: the location's path and `subPath`." }),
  grantee: Grantee,
  permission: Permission,
  createdAtMs: timeMs,
  labels: Labels,
});
export type Grant = Static<typeof Grant>;

/** Temporary keys that were handed out under a grant. Their secret is not kept. */
export const DataAccess = Type.Object({
  version: Type.Literal(1),
  token: text,
  grant: Type.String({ description: "The id of the grant they were handed out under." }),
  path: Type.String({ description: "What they are meant for." }),
  permission: Permission,
  principal: Type.String({ description: "Who asked for them." }),
  note: Type.Optional(Type.String({ description: "What was asked to be kept for audits." })),
  expiresAtMs: timeMs,
});
export type DataAccess = Static<typeof DataAccess>;

type Place = [account: string, region: string];
export const spaces = {
  instance: subspace<Place>("grants", "instance"),
  location: subspace<[...Place, id: string]>("grants", "location"),
  grant: subspace<[...Place, id: string]>("grants", "grant"),
  /** By the time they end, so that those that have ended stand together. */
  dataAccess: subspace<[...Place, expiresAtMs: number, token: string]>("grants", "access"),
};
export const instances = records<Instance, Place>(spaces.instance);
export const locations = records<Location, [...Place, string]>(spaces.location);
export const grants = records<Grant, [...Place, string]>(spaces.grant);
export const dataAccesses = records<DataAccess, [...Place, number, string]>(spaces.dataAccess);

const withoutStar = (path: string): string => (path.endsWith("*") ? path.slice(0, -1) : path);

/** What a grant within a location is about. A location that is a bucket's name alone has keys below a slash. */
export function grantedPath(location: string, subPath: string | undefined): string {
  const base = withoutStar(location);
  const within = base === "" || base.includes("/") ? base : `${base}/`;
  return within + (subPath ?? "*");
}

/** True when all that `path` stands for is among what `wide` stands for. */
export const covers = (wide: string, path: string): boolean =>
  wide.endsWith("*") ? withoutStar(path).startsWith(withoutStar(wide)) : wide === path;

/** The same for locations, which hold whatever begins with them. */
export const holds = (location: string, path: string): boolean => covers(grantedPath(location, undefined), path);

export const permits = (granted: Permission, asked: Permission): boolean =>
  granted === "readWrite" || granted === asked;
