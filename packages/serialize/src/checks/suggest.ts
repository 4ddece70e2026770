/** Longer names are not compared: they are no typing errors, and a hostile file could make the comparison slow. */
const MAX_LENGTH = 60;

/** The known name that is closest to `name`: `Did you mean "sigma2"?`, or the list of all known names. */
export function suggestion(name: string, known: readonly string[]): string {
  const limit = Math.ceil(name.length / 3);
  const near = name.length > MAX_LENGTH ? [] : known.filter((other) => other.length <= MAX_LENGTH);
  const byDistance = near.map((other) => ({ other, edits: editDistance(name.toLowerCase(), other.toLowerCase()) }));
  const [closest] = byDistance.sort((a, b) => a.edits - b.edits);
  if (closest !== undefined && closest.edits <= limit) return `Did you mean "${closest.other}"?`;
  return known.length === 0 ? 'It has none.' : `Known: ${known.join(', ')}.`;
}

/** Fewest characters to insert, delete, replace, and neighbours to swap, to turn `a` into `b`. @see Wagner & Fischer (1974) */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? before[j - 2]! + 1 : Infinity;
      row.push(Math.min(above[j]! + 1, row[j - 1]! + 1, replaced, swapped));
    }
    before = above;
    above = row;
  }
  return above[b.length]!;
}
