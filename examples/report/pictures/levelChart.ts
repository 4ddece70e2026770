/** A field of levels, or of sets: how often each occurs, over what the components say. */
import { type ModelFields, modelFields } from '../model/json.js';
import { levelsOf } from '../model/levels.js';
import { count, valueText } from '../words/numbers.js';
import { colourChannel, drawnName, type Look } from './componentLayer.js';
import type { Theme } from './palette.js';
import type { WeightedField } from './shares.js';
import { type ChartSpec, chartSpec, drawnText, short } from './spec.js';
import { countsOf, eachValue } from './values.js';

const SHOWN = 20;

/** What is compared: shares of each level in all components, and in the rows. */
interface LevelTable {
  readonly byComponent: readonly ReadonlyMap<unknown, number>[];
  readonly observed: ReadonlyMap<unknown, number> | undefined;
  readonly rowCount: number;
  readonly axis: string;
}

/** `undefined` for a field without levels. */
export function levelChart(
  of: WeightedField,
  rows: ArrayLike<unknown> | undefined,
  title: string,
  look: Look,
  theme: Theme,
): ChartSpec | undefined {
  const table = tableOf(of, rows) ?? setTable(of, rows);
  return table && drawn(of, table, title, look, theme);
}

function tableOf(of: WeightedField, rows: ArrayLike<unknown> | undefined): LevelTable | undefined {
  const lists = of.dists.map(levelsOf);
  if (!lists.every((list) => list !== undefined)) return undefined;
  const byComponent = lists.map((list) => new Map(list.map(({ level, p }) => [level, p])));
  const counts = rows && countsOf(rows, of.field);
  const rowCount = [...(counts?.values() ?? [])].reduce((sum, n) => sum + n, 0);
  return { byComponent, observed: counts && sharesOf(counts, rowCount), rowCount, axis: 'share' };
}

/** Of sets: the share of the rows that have each member. */
function setTable(of: WeightedField, rows: ArrayLike<unknown> | undefined): LevelTable | undefined {
  const members = of.dists.map((dist) => membersOf(modelFields(dist)));
  if (!members.every((list) => list !== undefined)) return undefined;
  const counts = new Map<unknown, number>();
  let rowCount = 0;
  if (rows !== undefined) {
    eachValue(rows, of.field, (set) => {
      rowCount++;
      for (const member of set as Iterable<unknown>) counts.set(member, (counts.get(member) ?? 0) + 1);
    });
  }
  const observed = rows && sharesOf(counts, rowCount);
  return { byComponent: members, observed, rowCount, axis: 'share of the sets that have it' };
}

function membersOf({ type, levels, p }: ModelFields): ReadonlyMap<unknown, number> | undefined {
  if (type !== 'BernoulliSet' && type !== 'IntegerBernoulliSet') return undefined;
  const names = levels as readonly unknown[] | undefined;
  return new Map((p as readonly number[]).map((share, i) => [names === undefined ? i : names[i], share]));
}

function sharesOf(counts: ReadonlyMap<unknown, number>, total: number): ReadonlyMap<unknown, number> {
  return new Map([...counts].map(([level, n]) => [level, n / total]));
}

function drawn(of: WeightedField, table: LevelTable, title: string, look: Look, theme: Theme): ChartSpec {
  const { byComponent, observed, rowCount, axis } = table;
  const expected = new Map<unknown, number>();
  byComponent.forEach((levels, k) => {
    for (const [level, p] of levels) expected.set(level, (expected.get(level) ?? 0) + of.shares[k]! * p);
  });
  for (const level of observed?.keys() ?? []) if (!expected.has(level)) expected.set(level, 0);
  const all = [...expected.keys()];
  const size = (level: unknown) => observed?.get(level) ?? expected.get(level)!;
  const isOrdered = all.every((level) => typeof level === 'number');
  const sorted = all.sort((a, b) => (isOrdered ? (a as number) - (b as number) : size(b) - size(a)));
  const shown = sorted.slice(0, SHOWN);
  const labels = new Map(shown.map((level) => [level, drawnText(valueText(level))]));
  const y = {
    field: 'level',
    type: 'nominal',
    title,
    sort: [...labels.values()],
    scale: { paddingInner: 0.25 },
  };
  const model = look.order.flatMap((k, order) =>
    shown.map((level) => ({
      level: labels.get(level),
      share: short(of.shares[k]! * (byComponent[k]!.get(level) ?? 0)),
      component: drawnName(look, k),
      order,
    })),
  );
  const percentages = { format: '~%', tickCount: 5 };
  const layers: object[] = [
    {
      data: { values: model },
      mark: { type: 'bar', opacity: 0.75 },
      encoding: {
        y,
        x: { field: 'share', type: 'quantitative', stack: 'zero', title: axis, axis: percentages },
        color: colourChannel(look),
        order: { field: 'order' },
      },
    },
  ];
  if (observed !== undefined) {
    layers.push({
      data: { values: shown.map((level) => ({ level: labels.get(level), share: short(observed.get(level) ?? 0) })) },
      mark: { type: 'bar', style: 'observed' },
      encoding: { y, x: { field: 'share', type: 'quantitative', title: axis, axis: percentages } },
    });
  }
  const hidden = all.length - shown.length;
  const rest = hidden > 0 ? ` The ${count(hidden)} other levels are not shown.` : '';
  const rowsText =
    observed === undefined ? look.what : `${count(rowCount)} values (outlined) over ${look.what} (filled)`;
  return chartSpec(theme, `${title}: ${rowsText}.${rest}`, { height: { step: 24 }, layer: layers });
}
