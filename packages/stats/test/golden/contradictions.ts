/**
 * Golden cases that contradict themselves, by file and name: what they expect, against what follows from their own data. Such a
 * case must disagree in exactly these places.
 */
export const CONTRADICTIONS: Readonly<
  Record<string, { readonly why: string; readonly differences: readonly RegExp[] }>
> = {
  'dirac-mixture.json: p=1 (no point mass)': {
    why:
      'With p = 1 every row is of the Poisson distribution, so its mean is that of the data, 17/12. The 19/12 that is expected' +
      ' would be the mean if two of the rows 1 were 2; these two are equally probable for lambda = 2, so that the scores fit both.',
    differences: [/\.dist\.lam: got 1\.41666666666666\d*, expected 1\.5833333333333333/],
  },
};
