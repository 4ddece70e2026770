/**
 * Golden files (or one case of a file, after a colon) whose family or function does not exist here yet. Their cases are no
 * tests. A test fails when one of them runs: take its line out then.
 */
export const WITHOUT_FAMILY: readonly string[] = ['htsne.json'];
