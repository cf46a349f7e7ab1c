import type { Content } from "../model/message.ts";
import type { Subscription } from "../model/subscription.ts";
import { compileFilter, type Filter } from "./filter.ts";

/** Records are the same object as long as they are cached, so each filter is read once. */
const compiled = new WeakMap<Subscription, Filter>();

export function wants(subscription: Subscription, message: Content): boolean {
  const { filter, filterScope = "attributes" } = subscription.settings;
  if (filter === undefined) return true;
  let passes = compiled.get(subscription);
  if (passes === undefined) {
    passes = compileFilter(filter, filterScope);
    compiled.set(subscription, passes);
  }
  return passes(message);
}
