import type { IResolvable } from "./resolvable.ts";

/**
 * A token within a text is a marker that stands for it until the text is resolved. Markers live as long as the
 * process does, as the texts do that hold them.
 */
const MARKER = /#\{token:(\d+)\}/g;
const byNumber: IResolvable[] = [];
const markers = new WeakMap<IResolvable, string>();

/** The marker of a token, always the same. */
export function markerOf(token: IResolvable): string {
  const known = markers.get(token);
  if (known !== undefined) return known;
  const marker = `#{token:${byNumber.push(token) - 1}}`;
  markers.set(token, marker);
  return marker;
}

export const hasMarker = (text: string): boolean => text.includes("#{token:") && text.search(MARKER) >= 0;

/** A text taken apart at its markers: literal text and tokens, in order; no empty text. */
export function piecesOf(text: string): readonly (string | IResolvable)[] {
  const pieces: (string | IResolvable)[] = [];
  let end = 0;
  for (const match of text.matchAll(MARKER)) {
    const token = byNumber[Number(match[1])];
    if (!token) continue;
    if (match.index > end) pieces.push(text.slice(end, match.index));
    pieces.push(token);
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push(text.slice(end));
  return pieces;
}
