/** The known word that a mistyped one is nearest to. */

/** A known word that begins like `word` or differs in few letters; `undefined` when none does. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const begun = known.find((other) => word.length > 2 && other.toLowerCase().startsWith(lower));
  if (begun !== undefined) return begun;
  const [closest] = known
    .map((other) => ({ other, edits: editDistance(lower, other.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  return closest !== undefined && closest.edits <= Math.ceil(word.length / 3) ? closest.other : undefined;
}

/** Fewest insertions, deletions and replacements of one letter that turn `a` into `b`. @see Wagner & Fischer (1974) */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, replaced));
    }
    row = next;
  }
  return row[b.length]!;
}
