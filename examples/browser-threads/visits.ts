/** The rows: a list of records, the same wherever it is made. */
export function visits(count: number): { readonly minutes: number; readonly device: string }[] {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: count }, () => {
    const kind = Math.floor(3 * next());
    const minutes = [3, 9, 20][kind]! + 2 * (next() + next() + next() - 1.5);
    return { minutes, device: next() < [0.9, 0.5, 0.1][kind]! ? 'phone' : 'desk' };
  });
}
