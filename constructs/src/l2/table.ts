import { Construct } from "constructs";
import {
  DynamoDbTable,
  type DynamoDbTableGlobalSecondaryIndex,
  type DynamoDbTableKeySchema,
} from "../aws/dynamo-db-table.generated.ts";
import type { Resource } from "../resource.ts";
import { Lazy } from "../tokens/lazy.ts";
import { ONLY_RESOURCE, type Principal } from "./policy.ts";

/** An attribute that items are found by. */
export interface TableKey {
  readonly name: string;
  /**
   * S: text, N: number, B: bytes.
   * @default S
   */
  readonly type?: "S" | "N" | "B";
}

/** Another way to find items. */
export interface TableIndexProps {
  readonly indexName: string;
  readonly partitionKey: TableKey;
  readonly sortKey?: TableKey;
  /**
   * The attributes that it keeps beside the keys.
   * @default all of them
   */
  readonly attributes?: string[];
}

/** How a table is made. */
export interface TableProps {
  /** @default generated */
  readonly tableName?: string;
  readonly partitionKey: TableKey;
  /** @default each partition key has one item */
  readonly sortKey?: TableKey;
  /** The attribute that says, in seconds since 1970, when an item expires. */
  readonly timeToLiveAttribute?: string;
  /**
   * What the stream of changes shows of an item.
   * @default there is no stream
   */
  readonly stream?: "KEYS_ONLY" | "NEW_IMAGE" | "OLD_IMAGE" | "NEW_AND_OLD_IMAGES";
  /**
   * Keeps the table from being deleted.
   * @default false
   */
  readonly deletionProtection?: boolean;
  /**
   * Keeps what is needed to go back to any second of the last 35 days.
   * @default false
   */
  readonly pointInTimeRecovery?: boolean;
}

const TYPE_DEFAULT = "S";

/** A table that is paid by use. The attributes that it is searched by are declared by where they are used. */
export class Table extends Construct {
  /** The table itself, for settings that this construct does not have. */
  readonly resource: Resource;
  readonly #keys = new Map<string, string>();
  readonly #indexes: DynamoDbTableGlobalSecondaryIndex[] = [];
  readonly #statements: unknown[] = [];

  constructor(scope: Construct, id: string, props: TableProps) {
    super(scope, id);
    const { partitionKey, sortKey, timeToLiveAttribute, stream } = props;
    this.resource = new DynamoDbTable(this, ONLY_RESOURCE, {
      ...(props.tableName !== undefined && { tableName: props.tableName }),
      billingMode: "PAY_PER_REQUEST",
      keySchema: this.#schemaOf(partitionKey, sortKey),
      attributeDefinitions: Lazy.any({ produce: () => this.#attributes() }),
      globalSecondaryIndexes: Lazy.any({ produce: () => (this.#indexes.length > 0 ? this.#indexes : undefined) }),
      ...(timeToLiveAttribute !== undefined && {
        timeToLiveSpecification: { attributeName: timeToLiveAttribute, enabled: true },
      }),
      ...(stream && { streamSpecification: { streamViewType: stream } }),
      ...(props.deletionProtection === true && { deletionProtectionEnabled: true }),
      ...(props.pointInTimeRecovery === true && {
        pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      }),
      resourcePolicy: Lazy.any({ produce: () => this.#policy() }),
    });
  }

  /** The table's name. */
  get tableName(): string {
    return this.resource.ref;
  }

  /** The table's ARN. */
  get tableArn(): string {
    return this.resource.getAtt("Arn");
  }

  /**
   * Lets items be found by other attributes.
   * @param props which ones
   */
  addIndex(props: TableIndexProps): void {
    const { indexName, partitionKey, sortKey, attributes } = props;
    this.#indexes.push({
      indexName,
      keySchema: this.#schemaOf(partitionKey, sortKey),
      projection: attributes
        ? { projectionType: "INCLUDE", nonKeyAttributes: attributes }
        : { projectionType: "ALL" },
    });
  }

  /**
   * Lets somebody read its items.
   * @param principal who
   */
  grantRead(principal: Principal): void {
    this.#allow(principal, ["GetItem", "BatchGetItem", "Query", "Scan"]);
  }

  /**
   * Lets somebody write and delete its items.
   * @param principal who
   */
  grantWrite(principal: Principal): void {
    this.#allow(principal, ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"]);
  }

  /** Errors: an attribute that is used with two types. */
  #schemaOf(partitionKey: TableKey, sortKey: TableKey | undefined): DynamoDbTableKeySchema[] {
    for (const { name, type = TYPE_DEFAULT } of [partitionKey, ...(sortKey ? [sortKey] : [])]) {
      const known = this.#keys.get(name) ?? type;
      if (known !== type) throw new Error(`${this.node.path}: the attribute "${name}" is both ${known} and ${type}`);
      this.#keys.set(name, type);
    }
    return [
      { attributeName: partitionKey.name, keyType: "HASH" },
      ...(sortKey ? [{ attributeName: sortKey.name, keyType: "RANGE" }] : []),
    ];
  }

  #attributes(): unknown {
    return [...this.#keys].map(([attributeName, attributeType]) => ({ attributeName, attributeType }));
  }

  /** A table's policy is part of it, so that its own ARN cannot stand in it; `*` there is this table. */
  #allow(principal: Principal, operations: readonly string[]): void {
    const actions = operations.map((operation) => `dynamodb:${operation}`);
    this.#statements.push({ Effect: "Allow", Principal: principal._json, Action: actions, Resource: "*" });
  }

  #policy(): unknown {
    if (this.#statements.length === 0) return undefined;
    return { policyDocument: { Version: "2012-10-17", Statement: this.#statements } };
  }
}
