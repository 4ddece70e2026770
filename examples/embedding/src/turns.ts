/** Long computations that let other work run, and that can be stopped. */

/** Milliseconds of computing after which the event loop turns. */
const TURN = 16;

/** What can be watched and stopped. */
export interface Watched<I> {
  /** Called after every step. */
  readonly onIterate?: (iterate: I) => void;
  /** Ends the computation after the step at hand. The result is then what there is. */
  readonly signal?: AbortSignal;
}

/**
 * Calls `step` for 1, 2, …, `count`, or until it returns true, and lets the event loop turn between steps: a page stays alive, and a button or a timer can abort.
 * @returns how many steps were made, and whether the signal ended them
 */
export async function inTurns(
  count: number,
  signal: AbortSignal | undefined,
  step: (iteration: number) => boolean,
): Promise<{ readonly iterations: number; readonly isAborted: boolean }> {
  let turned = performance.now();
  for (let iteration = 1; iteration <= count; iteration++) {
    if (signal?.aborted) return { iterations: iteration - 1, isAborted: true };
    if (step(iteration)) return { iterations: iteration, isAborted: false };
    if (performance.now() - turned < TURN) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    turned = performance.now();
  }
  return { iterations: count, isAborted: false };
}

/** A row of an embedding. */
export type Point = readonly [x: number, y: number];

/** Rows of an embedding, from x and y in turn. */
export function pointsOf(positions: Float64Array): Point[] {
  return Array.from({ length: positions.length / 2 }, (_, i) => [positions[2 * i]!, positions[2 * i + 1]!]);
}
