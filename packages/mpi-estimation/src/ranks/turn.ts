/**
 * Lets the event loop run once: signals and timers act, and an error that is not caught ends the process now rather than
 * at the end of the program.
 */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else throughChannel(resolve);
  });
}

/** In a page a timer would wait for 4 ms. */
function throughChannel(act: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener('message', () => {
    port1.close();
    act();
  });
  port1.start();
  port2.postMessage(null);
}
