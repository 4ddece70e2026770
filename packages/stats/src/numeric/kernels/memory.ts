/** Scratch and staging: what both implementations share, and those of the twin, on the JavaScript heap. */
import { checkRange } from './check.js';
import type { Held, Memory, Workspace } from './kernels.js';

/** What a workspace has staged. */
export interface Staging extends Pick<Memory, 'stage' | 'stageCodes'>, Held {}

/** Columns where they are. */
export const inPlace: Staging = {
  stage: (column, start, count) => column.subarray(start, start + count),
  stageCodes: (column, start, count) => column.subarray(start, start + count),
  release: () => {},
};

/** The staging of one workspace, or of none, and what else is held with it, by who made it. */
class Stage {
  readonly staging: Staging;
  readonly #isRemembering: boolean;
  readonly #held = new Map<object, Held>();

  constructor(staging: Staging, isRemembering: boolean) {
    this.staging = staging;
    this.#isRemembering = isRemembering;
  }

  hold<H extends Held>(make: (isRemembering: boolean) => H): H {
    // Whatever is held for `make` was made by it.
    let held = this.#held.get(make) as H | undefined;
    if (held === undefined) {
      held = make(this.#isRemembering);
      this.#held.set(make, held);
    }
    return held;
  }

  release(): void {
    this.staging.release();
    for (const held of this.#held.values()) held.release();
  }
}

/** Memory whose workspaces remember what was staged for as long as they are asked to, and no longer than they live. */
export function memoryOf(
  scratch: () => Pick<Workspace, 'float64' | 'release'>,
  remembering: () => Staging = () => inPlace,
): Memory {
  /** That of the workspace whose `remember` runs. It ends before anything else begins: there is one at most. */
  let current = new Stage(inPlace, false);
  return {
    workspace() {
      const { float64, release } = scratch();
      let own: Stage | undefined;
      return {
        float64,
        remember(use) {
          const outer = current;
          own ??= new Stage(remembering(), true);
          current = own;
          try {
            return use();
          } finally {
            current = outer;
          }
        },
        release() {
          own?.release();
          own = undefined;
          release();
        },
      };
    },
    stage(column, start, count) {
      checkRange('column', column, start, count);
      return current.staging.stage(column, start, count);
    },
    stageCodes(column, start, count) {
      checkRange('column', column, start, count);
      return current.staging.stageCodes(column, start, count);
    },
    hold: (make) => current.hold(make),
  };
}

/** Memory on the JavaScript heap. Columns are used where they are. */
export function heapMemory(): Memory {
  return memoryOf(() => ({ float64: (length) => new Float64Array(length), release: () => {} }));
}
