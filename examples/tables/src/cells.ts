/** What the text of a cell says: a number, a date, a gap. */

/** Texts that stand for a gap wherever they are. */
const GAPS = new Set(['', 'NA', 'N/A', 'n/a', '#N/A', 'NaN', 'nan', 'null', 'NULL']);
/** Without a leading 0, which numbers do not have and codes do. */
const NUMBER = /^[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const ISO_DATE = /^\d{4}([-/])\d{2}\1\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const NAMED_DATE = /^(?:([A-Za-z]{3,9})\.? (\d{1,2})|(\d{1,2})\.? ([A-Za-z]{3,9})\.?),? (\d{4})$/;
const LOCAL_DATE = /^\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})(?: \d{1,2}:\d{2}(?::\d{2})?)?$/;

/** Whether the text stands for a gap. */
export function isGap(text: string): boolean {
  return text.length < 5 && GAPS.has(text);
}

/** The number that the text is; NaN when it is none, or more digits than a double holds. */
export function numberOf(text: string): number {
  if (!NUMBER.test(text)) return Number.NaN;
  const number = Number(text);
  if (
    !Number.isFinite(number) ||
    (Number.isInteger(number) && !Number.isSafeInteger(number) && /^[+-]?\d+$/.test(text))
  )
    return Number.NaN;
  return number;
}

/** Milliseconds since 1970, UTC, of a date like `2009-11-16`, `2009-11-16T08:30:00Z` or `Nov 16 2009`; NaN for another text. */
export function dateOf(text: string): number {
  if (!ISO_DATE.test(text)) return namedDateOf(text);
  // Without a zone a time counts as UTC, as a day does: the zone of the machine must not change a model.
  const iso = text.replaceAll('/', '-').replace(' ', 'T');
  return Date.parse(iso.length > 10 && !/(?:Z|[+-]\d{2}:?\d{2})$/.test(iso) ? `${iso}Z` : iso);
}

function namedDateOf(text: string): number {
  const [, monthFirst, day1, day2, monthLast, year] = NAMED_DATE.exec(text) ?? [];
  const month = MONTHS.indexOf((monthFirst ?? monthLast ?? '').slice(0, 3).toLowerCase());
  const day = Number(day1 ?? day2);
  return month < 0 || day < 1 || day > 31 ? Number.NaN : Date.UTC(Number(year), month, day);
}

/** Whether the text looks like a date of which the order of day and month is not known. */
export function isLocalDate(text: string): boolean {
  return LOCAL_DATE.test(text);
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const TRUTH: Readonly<Record<string, boolean>> = {
  ...{ true: true, True: true, TRUE: true },
  ...{ false: false, False: false, FALSE: false },
};

/** The truth value that the text is, in the spellings of JSON, Python and R. */
export function booleanOf(text: string): boolean | undefined {
  return Object.hasOwn(TRUTH, text) ? TRUTH[text] : undefined;
}
