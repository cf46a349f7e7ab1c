import type { AnyResourceType, ResourceContext } from "../../services/resource-type.ts";

/** Whose operations a type's handlers are counted among, as in `OperationCall`. */
export interface TypeOwner {
  readonly cloud: string;
  readonly service: string;
}

/** The same type, whose handlers tell, where a context asks for it, what they are about to do. */
export function passingType(type: AnyResourceType, { cloud, service }: TypeOwner): AnyResourceType {
  const { handlers } = type;
  const pass = (verb: string, ctx: ResourceContext) => {
    const { account, region, owner: place } = ctx;
    ctx.pass?.({
      cloud,
      service,
      operation: `${type.name}.${verb}`,
      resource: place && `${place.stack}/${place.logicalId}`,
      account,
      region,
      isHandler: true,
    });
  };
  const { snapshot } = handlers;
  const passing: AnyResourceType["handlers"] = {
    ...handlers,
    async create(tx, properties, ctx) {
      pass("create", ctx);
      return handlers.create(tx, properties, ctx);
    },
    async read(tx, id, ctx) {
      pass("read", ctx);
      return handlers.read(tx, id, ctx);
    },
    async update(tx, id, properties, previous, ctx) {
      pass("update", ctx);
      return handlers.update(tx, id, properties, previous, ctx);
    },
    async delete(tx, id, ctx) {
      pass("delete", ctx);
      return handlers.delete(tx, id, ctx);
    },
    ...(snapshot && {
      async snapshot(tx, id, ctx) {
        pass("snapshot", ctx);
        return snapshot(tx, id, ctx);
      },
    }),
  };
  // Not copied: some types work out what they are when they are first asked.
  return Object.create(type, { handlers: { value: passing, enumerable: true } }) as AnyResourceType;
}
