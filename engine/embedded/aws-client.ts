/** What the constructor of any client of the AWS SDK for JavaScript (v3) takes to reach the engine. */
export interface AwsSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The class of a client: `S3Client`, `SQSClient`, `DynamoDBClient`, ... */
export type ClientClass<Client> = new (settings: AwsSettings) => Client;

interface Destroyable {
  destroy?(): void;
}

/** The clients that were handed out, one of each class. */
export class AwsClients {
  private readonly settings: AwsSettings;
  private readonly made = new Map<ClientClass<unknown>, unknown>();

  constructor(settings: AwsSettings) {
    this.settings = settings;
  }

  of<Client>(type: ClientClass<Client>): Client {
    if (!this.made.has(type)) this.made.set(type, new type(this.settings));
    return this.made.get(type) as Client;
  }

  /** Lets their connections go, so that a test's process can end. */
  destroy(): void {
    for (const client of this.made.values()) (client as Destroyable).destroy?.();
    this.made.clear();
  }
}
