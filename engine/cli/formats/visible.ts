/**
 * What would break a line, hide, or turn the direction of what follows: control characters, line and paragraph
 * separators, marks of direction, halves of a character.
 */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A text on one line in which everything can be seen: `a\nb`, `\u202e`. */
export const visible = (text: string): string =>
  text.replace(
    UNSEEN,
    (character) => SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** The same, of at most so many characters; what is cut ends in `…`. */
export function visibleWithin(text: string, lengthMax: number): string {
  const shown = visible(text.slice(0, lengthMax + 1));
  return shown.length <= lengthMax && text.length <= lengthMax ? shown : visible(`${shown.slice(0, lengthMax - 7)}…`);
}
