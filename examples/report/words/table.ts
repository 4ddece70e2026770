/** Tables as text and as Markdown. */

/** A table: the first row is its head. */
export type Cells = readonly (readonly string[])[];

/** Columns two spaces apart; all but the first `left` are aligned on the right. */
export function textTable(cells: Cells, left = 1): string[] {
  const widths = (cells[0] ?? []).map((_, j) => Math.max(...cells.map((row) => row[j]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((cell, j) => (j < left ? cell.padEnd(widths[j]!) : cell.padStart(widths[j]!)))
      .join('  ')
      .trimEnd(),
  );
}

/** A table of GitHub's Markdown. */
export function markdownTable(cells: Cells, left = 1): string[] {
  const [head = [], ...body] = cells;
  const line = (row: readonly string[]) => `| ${row.map(escapeMarkdown).join(' | ')} |`;
  return [line(head), `|${head.map((_, j) => (j < left ? ' --- ' : ' ---: ')).join('|')}|`, ...body.map(line)];
}

/** Text as it is, where Markdown would read marks into it. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>|#]/g, '\\$&').replace(/\n/g, ' ');
}

/** The words of a text, each number with its per cent sign. */
export function wordsOf(text: string): readonly string[] {
  return text.split(/ (?!%)/);
}

/** Phrases in lines of at most `width`, broken between phrases, else between words. */
export function wrap(phrases: readonly string[], width: number, separator = '   '): string[] {
  const lines: string[] = [];
  let line = '';
  const add = (piece: string, gap: string) => {
    if (line !== '' && line.length + gap.length + piece.length > width) {
      lines.push(line);
      line = piece;
    } else line = line === '' ? piece : line + gap + piece;
  };
  for (const phrase of phrases) {
    if (phrase.length <= width) add(phrase, separator);
    else wordsOf(phrase).forEach((word, i) => add(word, i === 0 ? separator : ' '));
  }
  return line === '' ? lines : [...lines, line];
}
