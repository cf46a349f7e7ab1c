import { Type, type Static } from "typebox";
import { generatedName } from "../generated-name.ts";
import { errors } from "./errors.ts";
import { resourceErrors } from "../resource-errors.ts";
import { resourceType, type ResourceContext } from "../resource-type.ts";
import { queueRecords, requireQueue, type Queue, type SettingsChange } from "./model/queue.ts";
import { change, checkLabels, create, remove } from "./operations/queues.ts";
import { putQueue } from "./model/queue.ts";

const Seconds = (minimum: number, maximum: number, value: number, description: string) =>
  Type.Optional(Type.Integer({ minimum, maximum, default: value, description: `${description}, in seconds.` }));

const Properties = Type.Object(
  {
    Name: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 80,
        description: "Generated when omitted; a FIFO queue's ends in .fifo.",
      }),
    ),
    Fifo: Type.Optional(Type.Boolean({ default: false, description: "Keeps the order within each message group." })),
    VisibilityTimeout: Seconds(0, 43_200, 30, "How long a received message stays hidden"),
    DelaySeconds: Seconds(0, 900, 0, "How long a new message stays hidden"),
    MessageRetention: Seconds(60, 1_209_600, 345_600, "How long a message is kept"),
    ReceiveWait: Seconds(0, 20, 0, "How long a receive waits for a message unless it says otherwise"),
    MessageBytesMax: Type.Optional(
      Type.Integer({ minimum: 1024, maximum: 1_048_576, default: 1_048_576, description: "The longest message." }),
    ),
    ContentBasedDeduplication: Type.Optional(
      Type.Boolean({ default: false, description: "FIFO: the same body twice is one message." }),
    ),
    DeadLetterQueue: Type.Optional(Type.String({ description: "The queue that takes messages received too often." })),
    MaxReceiveCount: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1000, default: 10, description: "How often is not yet too often." }),
    ),
    Labels: Type.Optional(Type.Record(Type.String(), Type.String(), { description: "Labels as key and value." })),
  },
  { additionalProperties: false },
);
type Properties = Static<typeof Properties>;

const RECEIVE_COUNT_DEFAULT = 10;

function settingsOf(properties: Properties, ctx: ResourceContext): SettingsChange {
  const { VisibilityTimeout, DelaySeconds, MessageRetention, ReceiveWait, MessageBytesMax, ContentBasedDeduplication } =
    properties;
  const { DeadLetterQueue: name, MaxReceiveCount: maxReceiveCount = RECEIVE_COUNT_DEFAULT } = properties;
  if (name === undefined && maxReceiveCount !== RECEIVE_COUNT_DEFAULT) {
    throw errors.DeadLetterQueueMissing();
  }
  return {
    visibilityTimeoutSeconds: VisibilityTimeout ?? 30,
    delaySeconds: DelaySeconds ?? 0,
    retentionSeconds: MessageRetention ?? 345_600,
    waitSeconds: ReceiveWait ?? 0,
    messageBytesMax: MessageBytesMax ?? 1_048_576,
    ...((properties.Fifo || ContentBasedDeduplication) && {
      contentBasedDeduplication: ContentBasedDeduplication ?? false,
    }),
    deadLetter:
      name === undefined ? null : { queue: { account: ctx.account, region: ctx.region, name }, maxReceiveCount },
  };
}

function stateOf(queue: Queue) {
  const { settings } = queue;
  return {
    id: queue.name,
    properties: {
      Name: queue.name,
      Fifo: queue.isFifo,
      VisibilityTimeout: settings.visibilityTimeoutSeconds,
      DelaySeconds: settings.delaySeconds,
      MessageRetention: settings.retentionSeconds,
      ReceiveWait: settings.waitSeconds,
      MessageBytesMax: settings.messageBytesMax,
      ContentBasedDeduplication: settings.contentBasedDeduplication,
      Labels: queue.labels,
      MaxReceiveCount: settings.deadLetter?.maxReceiveCount ?? RECEIVE_COUNT_DEFAULT,
      ...(settings.deadLetter && { DeadLetterQueue: settings.deadLetter.queue.name }),
    },
    attributes: { Name: queue.name },
  };
}

const queueType = resourceType({
  name: "Queue",
  summary: "A queue of messages, standard or FIFO.",
  properties: Properties,
  attributes: Type.Object({ Name: Type.String() }),
  ref: "Name",
  replacement: { Name: "always", Fifo: "always" },
  nameProperty: "Name",
  references: { DeadLetterQueue: "Queue" },
  tags: { property: "Labels", form: "map" },
  examples: [
    {
      title: "a queue with its settings",
      properties: {
        Name: "orders",
        Fifo: false,
        VisibilityTimeout: 45,
        DelaySeconds: 5,
        MessageRetention: 3600,
        ReceiveWait: 10,
        MessageBytesMax: 65_536,
        ContentBasedDeduplication: false,
        MaxReceiveCount: 10,
        Labels: { team: "shop" },
      },
    },
    { title: "a FIFO queue", properties: { Name: "payments.fifo", Fifo: true, ContentBasedDeduplication: true } },
    {
      title: "a queue whose letters that nobody can deal with go to another",
      properties: { DeadLetterQueue: "dead", MaxReceiveCount: 5 },
    },
  ],
  handlers: {
    async create(tx, properties, ctx) {
      const isFifo = properties.Fifo ?? false;
      const queue = properties.Name ?? generatedName(ctx).slice(-75) + (isFifo ? ".fifo" : "");
      // Clients may create what exists; what a stack creates is its own, and goes with it.
      const existing = await queueRecords.get(tx, ctx.account, ctx.region, queue);
      if (existing) throw resourceErrors.ResourceExists({ type: "Queue", id: queue });
      return stateOf(
        await create(
          tx,
          { queue, isFifo, settings: settingsOf(properties, ctx), labels: properties.Labels ?? {} },
          ctx,
        ),
      );
    },
    async read(tx, id, ctx) {
      const queue = await queueRecords.get(tx, ctx.account, ctx.region, id);
      return queue && stateOf(queue);
    },
    async update(tx, id, properties, _previous, ctx) {
      const queue = await requireQueue(tx, ctx, { queue: id });
      const { Labels: labels = {} } = properties;
      checkLabels(id, labels);
      const updated = { ...(await change(tx, queue, settingsOf(properties, ctx), ctx)), labels };
      putQueue(tx, updated);
      return stateOf(updated);
    },
    async delete(tx, id, ctx) {
      const queue = await queueRecords.get(tx, ctx.account, ctx.region, id);
      if (queue) remove(tx, queue);
    },
    async list(tx, ctx, page) {
      return (await queueRecords.page(tx, [ctx.account, ctx.region], page)).map(({ name }) => name);
    },
  },
});

export const resources = [queueType];
