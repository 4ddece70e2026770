/** Names for the columns: none empty, none twice. */

/** @returns the names to use, and what was changed, in sentences */
export function columnNames(header: readonly string[]): {
  readonly names: readonly string[];
  readonly notes: string[];
} {
  const notes: string[] = [];
  const taken = new Set(header);
  const used = new Set<string>();
  const names = header.map((given, j) => {
    const base = given === '' ? `column ${j + 1}` : given;
    let name = base;
    for (let n = 2; used.has(name) || (name !== given && taken.has(name)); n++) name = `${base} (${n})`;
    used.add(name);
    if (given === '') notes.push(`column ${j + 1} has no name in the header: it is called "${name}"`);
    else if (name !== given) notes.push(`the header has "${given}" twice: column ${j + 1} is called "${name}"`);
    return name;
  });
  return { names, notes };
}
