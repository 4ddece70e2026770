/** What is selected: a row, why it is odd, and what changes when a value is another or none. */
import { digits } from '@dml-examples/tables';
import type { ShownColumn, ShownRow, ShownValue } from '../protocol.js';
import { element } from './element.js';
import { fieldPicture } from './fieldPicture.js';

/** @param onEdit  called with the field and its new text; null empties it */
export function rowPanel(
  shown: ShownRow,
  columns: readonly ShownColumn[],
  onEdit: (field: string, value: string | null) => void,
  onReset: () => void,
): DocumentFragment {
  const { row, isEdited, logDensity, responsibilities, values } = shown;
  const panel = document.createDocumentFragment();
  const most = responsibilities.indexOf(Math.max(...responsibilities));
  panel.append(
    element('h3', {}, `Row ${row + 1}${isEdited ? ', edited' : ''}`),
    element(
      'p',
      {},
      `log-density ${logDensity.toFixed(2)}; component ${most + 1} with ${(100 * responsibilities[most]!).toFixed(1)} %. ${oddest(values)}`,
    ),
  );
  const lines = values.flatMap((value) => valueLines(value, columns.find(({ name }) => name === value.field)!, onEdit));
  const heads = ['field', 'value', 'expected', 'as far out'].map((head) => element('th', { scope: 'col' }, head));
  panel.append(
    element('p', { class: 'hint' }, 'Change or empty a value to see what it lets expect of the others.'),
    element('table', { class: 'row' }, element('tr', {}, ...heads), ...lines),
  );
  if (isEdited) {
    const reset = element('button', { type: 'button', id: 'reset' }, 'As in the file');
    reset.addEventListener('click', onReset);
    panel.append(reset);
  }
  return panel;
}

/** The value that lies farthest out, in words. */
function oddest(values: readonly ShownValue[]): string {
  const known = values.filter(({ tail }) => tail !== undefined).sort((a, b) => a.tail! - b.tail!);
  const first = known[0];
  if (first === undefined) return '';
  if (first.tail! > 0.05) return 'No value of it is unusual.';
  return `Odd is ${first.field} ${first.value}: ${share(first.tail!)} of such rows are as far out. Expected is ${first.expected}.`;
}

function share(p: number): string {
  return p < 1e-4 ? 'less than 0.01 %' : `${digits(100 * p)} %`;
}

/** A line for the value; for an empty one a second line with what it may be. */
function valueLines(
  shown: ShownValue,
  { bars, type }: ShownColumn,
  onEdit: (field: string, value: string | null) => void,
): HTMLTableRowElement[] {
  const { field, value, expected, tail, distribution } = shown;
  const clear = element('button', { type: 'button', 'aria-label': `empty ${field}`, disabled: value === null }, '×');
  clear.addEventListener('click', () => onEdit(field, null));
  const isOdd = tail !== undefined && tail <= 0.05;
  const line = element(
    'tr',
    { 'data-field': field },
    element('th', { scope: 'row' }, field),
    element('td', { class: 'edit' }, editor(shown, type, onEdit), clear),
    element('td', {}, expected),
    element('td', { class: isOdd ? 'odd' : '' }, tail === undefined ? '' : share(tail)),
  );
  if (distribution === undefined || bars === undefined) return [line];
  const drawing = fieldPicture({ title: `${field}, given the other values`, bars, counts: distribution });
  return [line, element('tr', { class: 'may-be' }, element('td', { colspan: 4 }, `What ${field} may be:`, drawing))];
}

function editor(
  { field, value, levels }: ShownValue,
  type: string,
  onEdit: (field: string, value: string | null) => void,
): HTMLElement {
  const label = `${field} of the row`;
  const input =
    levels === undefined
      ? element('input', { 'aria-label': label, value: value ?? '', inputmode: type === 'date' ? 'text' : 'decimal' })
      : element(
          'select',
          { 'aria-label': label },
          element('option', { value: '', selected: value === null }, '(empty)'),
          ...levels.map((level) => element('option', { value: level, selected: level === value }, level)),
        );
  input.addEventListener('change', () => onEdit(field, input.value === '' ? null : input.value));
  return input;
}
