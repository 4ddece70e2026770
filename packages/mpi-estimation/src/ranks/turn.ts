/**
 * Lets the event loop run once: signals and timers act, and an error that is not caught ends the process now rather than
 * at the end of the program.
 */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
