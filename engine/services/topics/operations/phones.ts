import { Type } from "typebox";
import { startingWith } from "../../../kernel/key.ts";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import type { Scope } from "../../context.ts";
import { operationUsing } from "../../operation.ts";
import { errors } from "../errors.ts";
import { checkContent, type Content } from "../model/message.ts";
import { isSilenced, silenced, textSender, textSettings } from "../model/phones.ts";
import { listSent, recordSent, SentMessage } from "../model/sent.ts";
import type { Ports, TopicContext } from "../ports.ts";
import { Next, PageInput, pageOf } from "./pages.ts";

const operation = operationUsing<Ports>();
const Nothing = Type.Object({});
const Texts = Type.Record(Type.String(), Type.String());
const NUMBER = /^\+[1-9][0-9]{1,14}$/;
const CODE_DIGITS = 6;
/** Source: SNS Developer Guide, "Publishing to a mobile phone" */
const TEXT_CHARACTERS_MAX = 1600;
const SENT_PAGE_MAX = 1000;

/** A number that texts may be sent to while an account is tried out. */
const TestNumber = Type.Object({ number: Type.String(), isVerified: Type.Boolean(), code: Type.String() });
type TestNumber = Type.Static<typeof TestNumber>;

const testNumbers = ({ account, region }: Scope) => ["topics", "testNumber", account, region];

function checkNumber(number: string): void {
  if (!NUMBER.test(number)) throw errors.PhoneNumberInvalid({ number });
}

async function requireTestNumber(tx: Reader, ctx: Scope, number: string): Promise<TestNumber> {
  const found = await tx.get<TestNumber>([...testNumbers(ctx), number]);
  if (found === undefined) throw errors.TestNumberNotFound({ number });
  return found;
}

/** A code that can be read aloud. */
const codeFrom = (hex: string) => String(Number.parseInt(hex, 16)).padStart(CODE_DIGITS, "0").slice(-CODE_DIGITS);

/** Sends a text to a phone: it is kept where `listSentMessages` shows it. */
export async function sendText(tx: Transaction, number: string, content: Content, ctx: TopicContext) {
  checkNumber(number);
  checkContent(content);
  const messageId = ctx.ids.uuid();
  const body = content.perProtocol?.sms ?? content.message;
  if (body.length > TEXT_CHARACTERS_MAX)
    throw errors.MessageTooLong({ sizeBytes: Buffer.byteLength(body), limitBytes: TEXT_CHARACTERS_MAX });
  const isUnwanted = await isSilenced(tx, ctx, number);
  const from = await textSender(tx, ctx, content);
  await recordSent(tx, ctx, {
    protocol: "sms",
    to: number,
    ...(from !== undefined && { from }),
    body,
    messageId,
    atMs: ctx.clock.nowMs(),
    ...(isUnwanted && { failure: "The number wants no texts." }),
  });
  return { messageId };
}

export const phoneOperations = {
  listSentMessages: operation({
    summary: "Emails, texts and pushes as they would have gone out, and what could not be delivered; oldest first.",
    input: Type.Object({
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: SENT_PAGE_MAX })),
      next: Type.Optional(Type.Integer()),
    }),
    output: Type.Object({ messages: Type.Array(SentMessage), next: Type.Optional(Type.Integer()) }),
    effects: "read",
    errors: [],
    run: (tx, { limit = SENT_PAGE_MAX, next }, ctx) =>
      listSent(tx, ctx, { limit, ...(next !== undefined && { next }) }),
  }),
  getTextSettings: operation({
    summary: "How texts are sent, by the cloud's own names of settings.",
    input: Nothing,
    output: Type.Object({ settings: Texts }),
    effects: "read",
    errors: [],
    run: async (tx, _, ctx) => ({ settings: (await tx.get<Record<string, string>>(textSettings(ctx))) ?? {} }),
  }),
  updateTextSettings: operation({
    summary: "Changes settings of texts and leaves the others; an empty one takes it back.",
    input: Type.Object({ settings: Texts }),
    output: Nothing,
    effects: "write",
    errors: [],
    async run(tx, { settings }, ctx) {
      const before = await tx.get<Record<string, string>>(textSettings(ctx));
      const merged = Object.entries({ ...before, ...settings }).filter(([, text]) => text !== "");
      tx.set(textSettings(ctx), Object.fromEntries(merged));
      return {};
    },
  }),
  getTextStatus: operation({
    summary: "Whether texts go only to numbers to test with (no: to any), and the numbers they come from (none).",
    input: Nothing,
    output: Type.Object({ isTriedOut: Type.Boolean(), senders: Type.Array(Type.String()) }),
    effects: "read",
    errors: [],
    run: () => Promise.resolve({ isTriedOut: false, senders: [] }),
  }),
  silencePhoneNumber: operation({
    summary: "A phone wants no texts any more, as if its owner had answered STOP.",
    input: Type.Object({ number: Type.String() }),
    output: Nothing,
    effects: "write",
    errors: ["PhoneNumberInvalid"],
    async run(tx, { number }, ctx) {
      checkNumber(number);
      tx.set(silenced(ctx, number), number);
      return {};
    },
  }),
  unsilencePhoneNumber: operation({
    summary: "A phone takes texts again.",
    input: Type.Object({ number: Type.String() }),
    output: Nothing,
    effects: "write",
    errors: ["PhoneNumberInvalid"],
    async run(tx, { number }, ctx) {
      checkNumber(number);
      tx.delete(silenced(ctx, number));
      return {};
    },
  }),
  isPhoneNumberSilenced: operation({
    summary: "Whether a phone wants no texts.",
    input: Type.Object({ number: Type.String() }),
    output: Type.Object({ isSilenced: Type.Boolean() }),
    effects: "read",
    errors: ["PhoneNumberInvalid"],
    async run(tx, { number }, ctx) {
      checkNumber(number);
      return { isSilenced: await isSilenced(tx, ctx, number) };
    },
  }),
  listSilencedPhoneNumbers: operation({
    summary: "The phones that want no texts, in pages of a hundred.",
    input: Type.Object(PageInput),
    output: Type.Object({ numbers: Type.Array(Type.String()), next: Next }),
    effects: "read",
    errors: ["PageTokenInvalid"],
    async run(tx, { next }, ctx) {
      const { entries, ...rest } = await pageOf<string>(tx, startingWith(silenced(ctx)), silenced(ctx), next);
      return { numbers: entries.map(({ value }) => value), ...rest };
    },
  }),
  addTestNumber: operation({
    summary: "Adds a number to test texts with, and sends it the code that verifies it.",
    input: Type.Object({ number: Type.String() }),
    output: Nothing,
    effects: "write",
    errors: ["PhoneNumberInvalid", "PhoneNumberSilenced"],
    async run(tx, { number }, ctx) {
      checkNumber(number);
      if (await isSilenced(tx, ctx, number)) throw errors.PhoneNumberSilenced({ number });
      const code = codeFrom(ctx.ids.hex(12));
      tx.set([...testNumbers(ctx), number], { number, isVerified: false, code } satisfies TestNumber);
      const body = `Your verification code is ${code}.`;
      const messageId = ctx.ids.uuid();
      await recordSent(tx, ctx, { protocol: "sms", to: number, body, messageId, atMs: ctx.clock.nowMs() });
      return {};
    },
  }),
  verifyTestNumber: operation({
    summary: "Verifies a number with the code that it was sent.",
    input: Type.Object({ number: Type.String(), code: Type.String() }),
    output: Nothing,
    effects: "write",
    errors: ["TestNumberNotFound", "CodeWrong"],
    async run(tx, { number, code }, ctx) {
      const found = await requireTestNumber(tx, ctx, number);
      if (found.code !== code) throw errors.CodeWrong();
      tx.set([...testNumbers(ctx), number], { ...found, isVerified: true });
      return {};
    },
  }),
  removeTestNumber: operation({
    summary: "Takes a number away from those to test with.",
    input: Type.Object({ number: Type.String() }),
    output: Nothing,
    effects: "write",
    errors: ["TestNumberNotFound"],
    async run(tx, { number }, ctx) {
      await requireTestNumber(tx, ctx, number);
      tx.delete([...testNumbers(ctx), number]);
      return {};
    },
  }),
  listTestNumbers: operation({
    summary: "The numbers to test texts with, in pages of a hundred.",
    input: Type.Object(PageInput),
    output: Type.Object({ numbers: Type.Array(TestNumber), next: Next }),
    effects: "read",
    errors: ["PageTokenInvalid"],
    async run(tx, { next }, ctx) {
      const { entries, ...rest } = await pageOf<TestNumber>(tx, startingWith(testNumbers(ctx)), testNumbers(ctx), next);
      return { numbers: entries.map(({ value }) => value), ...rest };
    },
  }),
};
