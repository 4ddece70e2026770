/** What texts look like: dates, numbers, or neither; and which fields are numbers that name rows. */

const DATE = [
  /^\d{4}[-/.]\d{1,2}([-/.]\d{1,2}([T ]\d{1,2}:.*)?)?$/, // 2026-11-27, with a time or without a day
  /^\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})( \d{1,2}:.*)?$/, // 27.11.2026
  /^\d{1,2}[- ][A-Za-z]{3,9}\.?[- ,]+(\d{4}|\d{2})( \d{1,2}:.*)?$/, // 27 Nov 2026
  /^([A-Za-z]{3,9}\.? )?[A-Za-z]{3,9}\.? \d{1,2},?( \d{4})?( \d{1,2}:.*)?$/, // Fri Nov 27 2026
  /^[A-Za-z]{3} \d{4}$/, // Nov 2026
];
/** A name of a month, where a date has one. */
const MONTH = /jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec/i;

/** Whether a text reads as a date. */
export function isDateText(text: string): boolean {
  return (
    text.length <= 40 && DATE.some((pattern) => pattern.test(text)) && (!/[A-SU-Za-z]/.test(text) || MONTH.test(text))
  );
}

/** Whether a text is a number in decimal notation, with nothing around it. */
export function isNumberText(text: string): boolean {
  return text.length <= 40 && /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text);
}

/** Whether the name of a field says that its integers name something: `id`, `userId`, `zip_code`. Not `width` or `code` alone. */
export function isIdentifierName(path: string): boolean {
  const name = path.slice(path.lastIndexOf('.') + 1);
  return (
    /(^|[_\s-])(ids?|uuid|guid|fips|zip|zip[_\s-]?code|postcode|postal[_\s-]?code)$/i.test(name) ||
    /[a-z]I[dD]$/.test(name)
  );
}
