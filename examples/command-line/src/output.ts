/** Where a command writes: results to standard output, all else to standard error. */

/** Anything with a `write`; a terminal says so. */
export interface Stream {
  readonly isTTY?: boolean | undefined;
  write(content: string | Uint8Array): unknown;
}

export class Output {
  readonly #results: Stream;
  readonly #messages: Stream;
  readonly isQuiet: boolean;
  #hasBar = false;

  constructor(isQuiet: boolean, results: Stream = process.stdout, messages: Stream = process.stderr) {
    this.isQuiet = isQuiet;
    this.#results = results;
    this.#messages = messages;
  }

  /** A result. */
  print(text: string): void {
    this.#clear();
    this.#results.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  printJson(value: unknown): void {
    this.print(
      JSON.stringify(value, (_, inner: unknown) => (ArrayBuffer.isView(inner) ? [...(inner as Uint8Array)] : inner)),
    );
  }

  /** Bytes as a result. */
  printBytes(bytes: Uint8Array): void {
    this.#results.write(bytes);
  }

  /** What a person should know; nothing when quiet. */
  tell(text: string): void {
    if (this.isQuiet) return;
    this.#clear();
    this.#messages.write(`${text}\n`);
  }

  /** What a result does not show and a person must know, also when quiet. */
  warn(text: string): void {
    this.#clear();
    this.#messages.write(`${text}\n`);
  }

  /** Whether a line can be drawn over. */
  get isTerminal(): boolean {
    return !this.isQuiet && this.#messages.isTTY === true;
  }

  /** A line that the next one replaces; on a terminal alone. */
  draw(line: string): void {
    if (!this.isTerminal) return;
    this.#hasBar = true;
    this.#messages.write(`\r\u001b[2K${line}`);
  }

  #clear(): void {
    if (!this.#hasBar) return;
    this.#hasBar = false;
    this.#messages.write('\r\u001b[2K');
  }
}

/** `1 row`, `1,024 rows`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** Rows of cells in columns; those of numbers are aligned to the right. */
export function columnsOf(rows: readonly (readonly string[])[], isRight: (column: number) => boolean): string {
  const widths = rows[0]!.map((_, j) => Math.max(...rows.map((row) => row[j]!.length)));
  return rows
    .map((row) => row.map((cell, j) => (isRight(j) ? cell.padStart(widths[j]!) : cell.padEnd(widths[j]!))).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Cells as a line of CSV. */
export function csvLine(cells: readonly unknown[]): string {
  return cells.map(csvCell).join(',');
}

function csvCell(value: unknown): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[",\n\r]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
