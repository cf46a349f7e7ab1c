import type { Resource } from "../resource.ts";
import { Lazy } from "../tokens/lazy.ts";
import type { IResolvable } from "../tokens/resolvable.ts";

/** Who is allowed something. */
export class Principal {
  /**
   * A service of the cloud.
   * @param name for example `s3.amazonaws.com`
   */
  static service(name: string): Principal {
    return new Principal({ Service: name });
  }

  /**
   * Everybody in an account whom that account allows it.
   * @param id its 12 digits
   */
  static account(id: string): Principal {
    return new Principal({ AWS: `arn:aws:iam::${id}:root` });
  }

  /**
   * One role or user.
   * @param arn its ARN
   */
  static arn(arn: string): Principal {
    return new Principal({ AWS: arn });
  }

  /** Everybody, also without credentials. */
  static anyone(): Principal {
    return new Principal("*");
  }

  /** @internal */
  readonly _json: unknown;

  private constructor(json: unknown) {
    this._json = json;
  }
}

/** One sentence of a policy: who may do what to what, and when. */
export interface Permission {
  readonly principal: Principal;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
}

/**
 * The policy of a resource, which is made with the first permission. It allows; it never denies.
 * @internal
 */
export class ResourcePolicy {
  readonly #make: (document: IResolvable) => Resource;
  readonly #statements: unknown[] = [];
  #resource: Resource | undefined;

  constructor(make: (document: IResolvable) => Resource) {
    this.#make = make;
  }

  /** Adds a permission; gives the policy, for what must not be there before it. */
  allow({ principal, actions, resources, condition }: Permission): Resource {
    this.#statements.push({
      Effect: "Allow",
      Principal: principal._json,
      Action: actions,
      Resource: resources,
      ...(condition && { Condition: condition }),
    });
    const document = { produce: () => ({ Version: "2012-10-17", Statement: this.#statements }) };
    this.#resource ??= this.#make(Lazy.any(document));
    return this.#resource;
  }
}

/** What a typed construct of one resource calls its resource: an id that leaves no trace in the template. */
export const ONLY_RESOURCE = "Resource";
