/** HTML whose text is escaped wherever it comes from. */

/** Markup that may stand in a page as it is. */
export class Markup {
  constructor(readonly text: string) {}
}

export type Content = Markup | string | number | undefined | readonly Content[];

/** A template of markup: what is put in is text, unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(
    strings.reduce((text, string, i) => text + string + (i < values.length ? textOf(values[i]) : ''), ''),
  );
}

function textOf(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(textOf).join('');
  // A number and its sign stay on one line.
  const joined = String(content)
    .replace(/(\d) %/g, '$1\u00a0%')
    .replaceAll(' ± ', '\u00a0±\u00a0');
  return joined.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A table: the first row is its head, the first cell of each other row is a head, too. */
export function table(cells: readonly (readonly Content[])[], caption: string, className = ''): Markup {
  const [head = [], ...body] = cells;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="${className}">
<caption>${caption}</caption>
<thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${body.map(
    ([first, ...rest]) => html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>\n`,
  )}</tbody></table></div>`;
}
