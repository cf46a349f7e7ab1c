/**
 * A value that is JSON already, as the protocol writes it: it is sent as it is. It may stand for a member of an
 * operation's output, for services whose only protocol is JSON.
 */
export class JsonText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** As `JSON.stringify`, with a JsonText among the members. */
export function stringified(value: unknown): string {
  const members = value as Readonly<Record<string, unknown>>;
  for (const name in members) if (members[name] instanceof JsonText) return memberByMember(members);
  return JSON.stringify(value);
}

function memberByMember(members: Readonly<Record<string, unknown>>): string {
  let text = "";
  for (const name in members) {
    const member = members[name];
    if (member === undefined) continue;
    const its = member instanceof JsonText ? member.text : JSON.stringify(member);
    text += `${text === "" ? "{" : ","}${JSON.stringify(name)}:${its}`;
  }
  return `${text}}`;
}
