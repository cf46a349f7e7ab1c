import { hash } from "node:crypto";
import { Type, type Static } from "typebox";
import type { Scope } from "../context.ts";

/** The services that a key of its own is kept for, in every account and region. */
export const KEPT_FOR = ["objects", "queues", "tables", "topics"] as const;
export const KeptFor = Type.Unsafe<(typeof KEPT_FOR)[number]>(Type.Enum([...KEPT_FOR]));

/** A key that the cloud keeps for one of its services. */
export const ServiceKey = Type.Object({ id: Type.String(), keptFor: KeptFor });
export type ServiceKey = Static<typeof ServiceKey>;

/** Nobody makes these keys: what they are called follows from where they are and whom they are kept for. */
export function serviceKey(keptFor: ServiceKey["keptFor"], { account, region }: Scope): ServiceKey {
  const digits = hash("sha256", JSON.stringify(["keys", account, region, keptFor]), "hex");
  const [a, b, c, d, e] = [[0, 8], [8, 12], [13, 16], [17, 20], [20, 32]].map(([from, to]) => digits.slice(from, to));
  return { id: `${a}-${b}-4${c}-8${d}-${e}`, keptFor };
}
