/** How many letters must be changed, added, left out or swapped with the next to make `b` of `a`; case is ignored. */
function distance(a: string, b: string): number {
  let beforeThat: readonly number[] = [];
  let previous: readonly number[] = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwapped ? (beforeThat[j - 2] ?? 0) + 1 : change;
      row.push(Math.min(change, swap, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    [beforeThat, previous] = [previous, row];
  }
  return previous[b.length] ?? 0;
}

/** The candidate that was probably meant, or undefined when none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  let best: string | undefined;
  // Two edits turn any short word into another.
  let bestDistance = Math.max(word.length < 4 ? 1 : 2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const found = distance(wanted, candidate.toLowerCase());
    if (found < bestDistance) [best, bestDistance] = [candidate, found];
  }
  return best;
}

/** `did you mean "X"?`, or undefined. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const found = nearest(word, candidates);
  return found === undefined ? undefined : `did you mean "${found}"?`;
}

/** More names than this are looked up better than read. */
const NAMES_MAX = 10;

/** `did you mean "X"?`, or else what there is, when that is not too much to read. */
export function didYouMeanOneOf(word: string, candidates: Iterable<string>): string | undefined {
  const names = [...candidates];
  const isListed = names.length > 0 && names.length <= NAMES_MAX;
  return didYouMean(word, names) ?? (isListed ? `there is ${names.join(", ")}` : undefined);
}
