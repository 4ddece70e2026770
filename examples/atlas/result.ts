/** A result that a book, a paper or another program prints, beside ours. */
export interface Quantity {
  readonly name: string;
  /** As published, with the digits that were printed. */
  readonly published: number;
  readonly ours: number;
  /** How far ours may lie away: half a unit of the last printed digit, unless the source rounds on its way. */
  readonly tolerance: number;
  /** Where ours may be better than an optimum that another program ended at: a higher likelihood, a lower criterion. */
  readonly better?: 'higher' | 'lower';
}

export interface Result {
  readonly title: string;
  readonly source: string;
  readonly quantities: () => readonly Quantity[];
}

/** A quantity printed as `published`, say `'0.61'`, and right when ours rounds to it. */
export function printed(name: string, published: string, ours: number, better?: 'higher' | 'lower'): Quantity {
  const decimals = published.split('.')[1]?.length ?? 0;
  const tolerance = 0.5000001 * 10 ** -decimals;
  return { name, published: Number(published), ours, tolerance, ...(better === undefined ? {} : { better }) };
}

export function agrees({ published, ours, tolerance, better }: Quantity): boolean {
  const difference = ours - published;
  if (better === 'higher') return difference >= -tolerance;
  if (better === 'lower') return difference <= tolerance;
  return Math.abs(difference) <= tolerance;
}
