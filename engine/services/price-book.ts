/** Where a figure was read. */
interface Source {
  readonly page: string;
  /** The day it was read. */
  readonly readOn: string;
}

/** A part of the quantity and what one unit of it costs: the first `upTo` units, then those of the next tier. */
export interface Tier {
  readonly upTo?: number;
  readonly price: number;
}

export const PRICE_CATEGORIES = ["compute", "storage", "requests", "throughput"] as const;

/** A figure of the book. */
export interface Price {
  /** `s3.storage.standard`. */
  readonly id: string;
  readonly category: (typeof PRICE_CATEGORIES)[number];
  /** `storage, Standard`. */
  readonly what: string;
  readonly region: string;
  /** `GB-month`, `million requests`, `hour`. */
  readonly unit: string;
  /** In US dollars, without free tiers, taxes and discounts. */
  readonly tiers: readonly Tier[];
  readonly source: Source;
}

/** The day the whole book was gone through. */
export const PRICES_AS_OF = "2026-11-21";
export const CURRENCY = "USD";

const read = (page: string): Source => ({ page, readOn: PRICES_AS_OF });
const SOURCES = {
  s3Classes: read("S3 storage class comparison, c3x.dev, with Amazon S3 pricing for us-east-1"),
  s3Tiers: read("S3 storage classes, my.globalxperts.net, with Amazon S3 pricing for us-east-2"),
  s3Requests: read("Example output for an S3 bucket, Infracost, with the AWS price list for us-east-1"),
  sqs: read("Amazon SQS pricing guide of March 2026, cloudburn.io; of June 2026, factualminds.com"),
  sns: read("Amazon SNS pricing guide of June 2026, factualminds.com"),
  dynamodbRequests: read("Amazon DynamoDB pricing, airbyte.com, after the reduction of November 2024"),
  dynamodb: read("Example output for a DynamoDB table, Infracost, with the AWS price list for us-east-1"),
  ebs: read("Example output for EBS volumes, Infracost, with the AWS price list for us-east-1"),
  ec2: read("EC2 instance costs and EC2 pricing guide, go-cloud.io"),
  ec2Graviton: read("Amazon EC2 On-Demand pricing of June 2026, factualminds.com"),
} as const;

const row = (
  id: string,
  category: Price["category"],
  what: string,
  unit: string,
  figures: Readonly<Record<string, number | readonly Tier[]>>,
  source: Source,
): Price[] =>
  Object.entries(figures).map(([region, figure]) => {
    const tiers = typeof figure === "number" ? [{ price: figure }] : figure;
    return { id, category, what, region, unit, tiers, source };
  });

const GB_PER_TB = 1024;
const S3_STANDARD: readonly Tier[] = [
  { upTo: 50 * GB_PER_TB, price: 0.023 },
  { upTo: 500 * GB_PER_TB, price: 0.022 },
  { price: 0.021 },
];
const [VIRGINIA, OHIO] = ["us-east-1", "us-east-2"];

/** Every figure there is. What is not here has no price, which is not to say that it is free. */
export const PRICES: readonly Price[] = [
  ...row("s3.storage.standard", "storage", "storage, Standard", "GB-month", { [OHIO]: S3_STANDARD }, SOURCES.s3Tiers),
  ...row("s3.storage.standard", "storage", "storage, Standard", "GB-month", { [VIRGINIA]: S3_STANDARD },
    SOURCES.s3Classes),
  ...(
    [
      ["standardInfrequentAccess", "Standard-IA", 0.0125],
      ["oneZoneInfrequentAccess", "One Zone-IA", 0.01],
      ["glacierInstantRetrieval", "Glacier Instant Retrieval", 0.004],
      ["glacierFlexibleRetrieval", "Glacier Flexible Retrieval", 0.0036],
      ["glacierDeepArchive", "Glacier Deep Archive", 0.00099],
    ] as const
  ).flatMap(([name, title, price]) =>
    row(`s3.storage.${name}`, "storage", `storage, ${title}`, "GB-month", { [VIRGINIA]: price }, SOURCES.s3Classes),
  ),
  ...row("s3.requests.put", "requests", "PUT, COPY, POST, LIST", "million requests", { [VIRGINIA]: 5 },
    SOURCES.s3Requests),
  ...row("s3.requests.get", "requests", "GET and others", "million requests", { [VIRGINIA]: 0.4 }, SOURCES.s3Requests),
  ...row("sqs.requests.standard", "requests", "requests, standard", "million requests", {
    [VIRGINIA]: [{ upTo: 100_000, price: 0.4 }, { upTo: 200_000, price: 0.3 }, { price: 0.24 }],
  }, SOURCES.sqs),
  ...row("sqs.requests.fifo", "requests", "requests, FIFO", "million requests", { [VIRGINIA]: 0.5 }, SOURCES.sqs),
  ...row("sns.publishes.standard", "requests", "publishes, standard", "million requests", { [VIRGINIA]: 0.5 },
    SOURCES.sns),
  ...row("sns.publishes.fifo", "requests", "publishes, FIFO", "million requests", { [VIRGINIA]: 0.3 }, SOURCES.sns),
  ...row("sns.deliveries.http", "requests", "deliveries, HTTP", "million deliveries", { [VIRGINIA]: 0.6 }, SOURCES.sns),
  ...row("sns.deliveries.email", "requests", "deliveries, email", "million deliveries", { [VIRGINIA]: 20 },
    SOURCES.sns),
  ...row("dynamodb.writes", "requests", "writes, on demand", "million units", { [VIRGINIA]: 0.625 },
    SOURCES.dynamodbRequests),
  ...row("dynamodb.reads", "requests", "reads, on demand", "million units", { [VIRGINIA]: 0.125 },
    SOURCES.dynamodbRequests),
  ...row("dynamodb.writeCapacity", "throughput", "write capacity", "unit-hour", { [VIRGINIA]: 0.00065 },
    SOURCES.dynamodb),
  ...row("dynamodb.readCapacity", "throughput", "read capacity", "unit-hour", { [VIRGINIA]: 0.00013 },
    SOURCES.dynamodb),
  ...row("dynamodb.storage", "storage", "storage", "GB-month", { [VIRGINIA]: 0.25 }, SOURCES.dynamodb),
  ...row("dynamodb.pointInTimeRecovery", "storage", "point-in-time recovery", "GB-month", { [VIRGINIA]: 0.2 },
    SOURCES.dynamodb),
  ...row("dynamodb.streamReads", "requests", "stream reads", "million requests", { [VIRGINIA]: 0.2 }, SOURCES.dynamodb),
  ...(
    [
      ["gp3", 0.08],
      ["gp2", 0.1],
      ["st1", 0.045],
      ["sc1", 0.015],
    ] as const
  ).flatMap(([name, price]) =>
    row(`ebs.storage.${name}`, "storage", `volume, ${name}`, "GB-month", { [VIRGINIA]: price }, SOURCES.ebs),
  ),
  ...row("ec2.t3.large", "compute", "t3.large, Linux", "hour", { [VIRGINIA]: 0.0832 }, SOURCES.ec2),
  ...row("ec2.m5.large", "compute", "m5.large, Linux", "hour", { [VIRGINIA]: 0.096 }, SOURCES.ec2),
  ...row("ec2.m7g.large", "compute", "m7g.large, Linux", "hour", { [VIRGINIA]: 0.0816 }, SOURCES.ec2Graviton),
];

const byId = new Map(PRICES.map((price) => [`${price.region}/${price.id}`, price]));

/** The figure of a region; undefined when the book has none. */
export const priceOf = (id: string, region: string): Price | undefined => byId.get(`${region}/${id}`);

/** What a quantity costs, each unit at the price of its tier. */
export function costAt({ tiers }: Price, quantity: number): number {
  let [cost, from] = [0, 0];
  for (const { upTo = Number.POSITIVE_INFINITY, price } of tiers) {
    cost += Math.max(0, Math.min(quantity, upTo) - from) * price;
    from = upTo;
  }
  return cost;
}
