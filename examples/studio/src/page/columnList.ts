/** The columns: type, what is missing, a small histogram; the type can be changed, the column left out. */
import type { ShownColumn } from '../protocol.js';
import { element } from './element.js';
import { thumbnail } from './fieldPicture.js';

/** The choice beside the types. */
export const LEFT_OUT = 'left out';

/** @param onChange  called with a type, or with {@link LEFT_OUT} */
export function columnItem(
  column: ShownColumn,
  rowCount: number,
  onChange: (name: string, type: string) => void,
): HTMLLIElement {
  const { name, type, types, isUsed, missing, values, reason, counts } = column;
  const select = element(
    'select',
    { 'aria-label': `type of ${name}` },
    ...[...types, LEFT_OUT].map((option) =>
      element('option', { value: option, selected: isUsed ? option === type : option === LEFT_OUT }, option),
    ),
  );
  select.addEventListener('change', () => onChange(name, select.value));
  const gaps = missing === 0 ? 'none missing' : `${missing} of ${rowCount} missing`;
  return element(
    'li',
    { 'data-column': name, class: isUsed ? 'used' : 'unused' },
    element('div', { class: 'head' }, element('strong', {}, name), select),
    counts.length > 0 ? thumbnail(counts, `${name}: ${values}`) : undefined,
    element('p', {}, `${gaps}${values === '' ? '' : ` · ${values}`}`),
    element('p', { class: 'reason' }, reason),
  );
}

/** Puts what is wrong at its column; without a text takes it away. */
export function markColumn(list: HTMLElement, name: string | undefined, message = ''): void {
  for (const item of list.querySelectorAll('li')) {
    item.querySelector('.wrong')?.remove();
    if (item.dataset.column === name && message !== '') {
      item.append(element('p', { class: 'wrong', role: 'alert' }, message));
      item.scrollIntoView({ block: 'nearest' });
    }
  }
}
