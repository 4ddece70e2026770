/** How JSON is broken into lines, so that a person can read it: small things on one line, large ones a member per line. */

/** What fits on a line of this many characters is printed on one. */
const LINE = 100;
const INDENT = '  ';
const indents: string[] = [''];

function indentOf(level: number): string {
  while (indents.length <= level) indents.push(indents.at(-1)! + INDENT);
  return indents[level]!;
}

/**
 * An array of finished texts, each laid out for the next level.
 * @param arePlain  all are single words, so that a line may hold many
 * @param isBroken  no one-line form, also when it would fit
 */
export function listText(texts: readonly string[], arePlain: boolean, level: number, isBroken: boolean): string {
  if (texts.length === 0) return '[]';
  if (!isBroken && fits(texts, 2, level, arePlain)) return `[${texts.join(', ')}]`;
  return arePlain ? filled(texts, level) : lineUp('[', texts, ']', level);
}

/** An object of finished members, each laid out for the next level. */
export function membersText(members: readonly string[], level: number, isBroken: boolean): string {
  if (members.length === 0) return '{}';
  if (!isBroken && fits(members, 4, level, false)) return `{ ${members.join(', ')} }`;
  return lineUp('{', members, '}', level);
}

export function lineUp(open: string, texts: readonly string[], close: string, level: number): string {
  const inner = indentOf(level + 1);
  return `${open}\n${inner}${texts.join(`,\n${inner}`)}\n${indentOf(level)}${close}`;
}

const COMMA = 0x2c;
const SPACE = 0x20;
const NEWLINE = 0x0a;

/**
 * {@link listText} of single words in one piece, `1,2,3`: ASCII without other commas. Its bytes are copied with the spaces and
 * line ends between them, which takes less time than a text for each word.
 * @param count  how many words there are
 */
export function wordsText(words: string, count: number, level: number, isBroken: boolean): string {
  if (!isBroken && words.length + count - 1 + 2 <= LINE - INDENT.length * level) {
    return `[${words.split(',').join(', ')}]`;
  }
  const bytes = new TextEncoder().encode(words);
  const inner = INDENT.length * (level + 1);
  const out = new Uint8Array(bytes.length + count * (inner + 1));
  let at = 0;
  let length = LINE; // no word fits on the line before the first
  for (let start = 0; start < bytes.length; ) {
    let end = start + 1;
    while (end < bytes.length && bytes[end - 1] !== COMMA) end++;
    if (length + 1 + end - start <= LINE) {
      out[at++] = SPACE;
      length++;
    } else {
      if (start > 0) out[at++] = NEWLINE;
      out.fill(SPACE, at, at + inner);
      at += inner;
      length = inner;
    }
    length += end - start;
    while (start < end) out[at++] = bytes[start++]!;
  }
  return `[\n${new TextDecoder().decode(out.subarray(0, at))}\n${indentOf(level)}]`;
}

/** Whether the texts, with commas between them and `around` characters of brackets, fit on one line. */
function fits(texts: readonly string[], around: number, level: number, arePlain: boolean): boolean {
  let room = LINE - INDENT.length * level - around + 2;
  for (const text of texts) {
    room -= text.length + 2;
    if (room < 0) return false;
  }
  return arePlain || !texts.some((text) => text.includes('\n'));
}

/** As many on a line as fit. */
function filled(texts: readonly string[], level: number): string {
  const inner = indentOf(level + 1);
  const lines: string[] = [];
  let start = 0;
  let length = inner.length;
  for (const [i, text] of texts.entries()) {
    const width = text.length + (i < texts.length - 1 ? 1 : 0);
    // A space stands before each text but the first of a line.
    const grown = length + width + (i > start ? 1 : 0);
    if (i > start && grown > LINE) {
      lines.push(`${inner}${texts.slice(start, i).join(', ')},`);
      start = i;
      length = inner.length + width;
    } else length = grown;
  }
  lines.push(inner + texts.slice(start).join(', '));
  return `[\n${lines.join('\n')}\n${indentOf(level)}]`;
}
