/** The known name that is spelled most like `name`: `Did you mean "ranks"?`, or all known names. */
export function spellingHint(name: string, known: readonly string[]): string {
  const byDistance = known.map((other) => ({ other, edits: editDistance(name.toLowerCase(), other.toLowerCase()) }));
  const [closest] = byDistance.sort((a, b) => a.edits - b.edits);
  if (closest !== undefined && closest.edits <= Math.ceil(name.length / 3)) return `Did you mean "${closest.other}"?`;
  return `Known: ${[...known].sort().join(', ')}.`;
}

/** Fewest insertions, deletions and replacements of one character that turn `a` into `b`. @see Wagner & Fischer (1974) */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
