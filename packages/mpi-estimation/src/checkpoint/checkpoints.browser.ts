/** A page has no files, and `claim.browser.ts` has said so: in place of `checkpoints.ts`. */
export function checkpointsOf(): undefined {
  return undefined;
}
