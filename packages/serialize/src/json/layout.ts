/** How JSON is broken into lines, so that a person can read it: small things on one line, large ones a member per line. */

/** What fits on a line of this many characters is printed on one. */
const LINE = 100;
const INDENT = '  ';

/** A list of so many items has a line for each of them, as engines write it. */
export const MANY = 100;

/** Engines indent by so many characters at most. */
const MAX_GAP = 10;

/** The shape of a text that is being written. */
export class JsonLayout {
  /** How many levels the current line is moved to the right. */
  level = 0;
  /** How many texts of several lines there have been. */
  breaks = 0;

  /**
   * An array of finished texts, each laid out for the next level.
   * @param areWords  so that a line may hold many
   * @param isBroken  no one-line form, also where there is room for it
   */
  list(texts: readonly string[], areWords: boolean, isBroken: boolean): string {
    if (texts.length === 0) return '[]';
    if (!isBroken && this.#hasRoom(texts, 2)) return `[${texts.join(', ')}]`;
    return this.lineUp('[', areWords ? this.#filled(texts) : texts, ']');
  }

  /** An object of finished members, each laid out for the next level. */
  members(members: readonly string[], isBroken: boolean): string {
    if (members.length === 0) return '{}';
    if (!isBroken && this.#hasRoom(members, 4)) return `{ ${members.join(', ')} }`;
    return this.lineUp('{', members, '}');
  }

  lineUp(open: string, texts: readonly string[], close: string): string {
    this.breaks++;
    const inner = INDENT.repeat(this.level + 1);
    let text = `${open}\n${inner}${texts[0]}`;
    // Engines append in no time, and copy the characters when all are there; `join` would copy them on each level.
    for (let i = 1; i < texts.length; i++) text += `,\n${inner}${texts[i]}`;
    return `${text}\n${INDENT.repeat(this.level)}${close}`;
  }

  /** Texts of a long list, laid out for the current level. */
  joined(texts: readonly string[]): string {
    return texts.join(`,\n${INDENT.repeat(this.level)}`);
  }

  /** The items of a long list, laid out for the current level, as the engine writes them: one text in place of many. */
  words(items: readonly unknown[]): string {
    const inner = INDENT.repeat(this.level);
    const gap = inner.slice(0, MAX_GAP);
    const text = JSON.stringify(items, null, gap).slice(gap.length + 2, -2);
    // A line end never stands inside a string of JSON.
    return gap === inner ? text : text.replaceAll(`\n${gap}`, `\n${inner}`);
  }

  /** Whether the texts, with commas between them and `around` characters of brackets, fit on one line. */
  #hasRoom(texts: readonly string[], around: number): boolean {
    let room = LINE - INDENT.length * this.level - around + 2;
    for (const text of texts) {
      room -= text.length + 2;
      if (room < 0) return false;
    }
    return true;
  }

  /** As many on a line as fit. */
  #filled(texts: readonly string[]): string[] {
    const lines: string[] = [];
    const room = LINE - INDENT.length * (this.level + 1);
    let line = texts[0]!;
    for (let i = 1; i < texts.length; i++) {
      const text = texts[i]!;
      // A space stands before the text, and a comma after each but the last.
      if (line.length + text.length + (i < texts.length - 1 ? 3 : 2) > room) {
        lines.push(line);
        line = text;
      } else line += `, ${text}`;
    }
    lines.push(line);
    return lines;
  }
}
