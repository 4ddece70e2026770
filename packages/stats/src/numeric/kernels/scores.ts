/** Where the twin's scores wait to be added to others. */
import { COLUMN_RUN } from './runs.js';

export const scores: Float64Array = /* @__PURE__ */ new Float64Array(COLUMN_RUN);

/** Adds the first `count` of {@link scores}. */
export function addScores(count: number, out: Float64Array): void {
  for (let i = 0; i < count; i++) out[i]! += scores[i]!;
}
