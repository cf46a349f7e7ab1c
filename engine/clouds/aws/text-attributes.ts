/** A setting that its service keeps as text under the name that CloudFormation gives it too. */
export interface TextAttribute {
  readonly kind: "number" | "boolean" | "document" | "text";
  /** What it is when nothing is said. */
  readonly unsaid: string;
  /** Only FIFO ones have it. */
  readonly isFifo?: true;
}
export type TextAttributes = Readonly<Record<string, TextAttribute>>;
type Properties = Readonly<Record<string, unknown>>;

const textOf = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));

function valueOf(kind: TextAttribute["kind"], text: string): unknown {
  if (kind === "number") return Number(text);
  if (kind === "boolean") return text === "true";
  return kind === "document" ? (JSON.parse(text) as unknown) : text;
}

/** What a template says, as the service takes it. */
export const attributeTexts = (attributes: TextAttributes, properties: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(properties).flatMap(([name, value]) =>
      attributes[name] && value !== undefined ? [[name, textOf(value)]] : [],
    ),
  );

/** What the service tells, as a template says it; an empty text says nothing. */
export const attributeValues = (
  attributes: TextAttributes,
  texts: Readonly<Record<string, string | undefined>>,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(attributes).flatMap(([name, { kind }]) => {
      const text = texts[name];
      return text === undefined || text === "" ? [] : [[name, valueOf(kind, text)]];
    }),
  );

/** What must be set anew: what is not as it is declared, or not as usual where nothing is. */
export function attributeChanges(
  attributes: TextAttributes,
  wanted: Properties,
  current: Properties,
  isFifo: boolean,
): Record<string, string> {
  const changes: Record<string, string> = {};
  for (const [name, attribute] of Object.entries(attributes)) {
    if (wanted[name] === undefined && attribute.isFifo && !isFifo) continue;
    const text = wanted[name] === undefined ? attribute.unsaid : textOf(wanted[name]);
    const now = current[name] === undefined ? attribute.unsaid : textOf(current[name]);
    if (text !== now) changes[name] = text;
  }
  return changes;
}
