import type { AnyResourceType, ResourceContext } from "../services/resource-type.ts";

/** A handler at work, for a resource of the stack. */
export interface HandlerCall {
  readonly handler: "create" | "update" | "delete";
  readonly type: string;
  readonly logicalId: string;
  readonly isUndo: boolean;
}

export interface Watcher {
  /** Before the handler does anything. What it throws, the handler throws. */
  before?(call: HandlerCall): void | Promise<void>;
  /** When the handler has done all it does, in the same transaction. */
  after?(call: HandlerCall): void | Promise<void>;
}

/** The same type, whose handlers are looked at, and made to fail, before and after their work. */
export function watchedType(type: AnyResourceType, watcher: Watcher): AnyResourceType {
  const { handlers } = type;
  const around = async <T>(handler: HandlerCall["handler"], ctx: ResourceContext, run: () => Promise<T>) => {
    const call: HandlerCall = {
      handler,
      type: type.name,
      logicalId: ctx.owner?.logicalId ?? "",
      isUndo: ctx.isUndo === true,
    };
    await watcher.before?.(call);
    const result = await run();
    await watcher.after?.(call);
    return result;
  };
  const looked: AnyResourceType["handlers"] = {
    ...handlers,
    create: (tx, properties, ctx) => around("create", ctx, () => handlers.create(tx, properties, ctx)),
    update: (tx, id, properties, previous, ctx) =>
      around("update", ctx, () => handlers.update(tx, id, properties, previous, ctx)),
    delete: (tx, id, ctx) => around("delete", ctx, () => handlers.delete(tx, id, ctx)),
  };
  // Not copied: some types work out what they are when they are first asked.
  return Object.create(type, { handlers: { value: looked, enumerable: true } }) as AnyResourceType;
}
