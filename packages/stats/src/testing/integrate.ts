/**
 * Double-exponential quadrature: the integrand may be infinite at the ends of the interval, and the interval may be infinite.
 * Source: Takahasi & Mori (1974), Double exponential formulas for numerical integration.
 */

const STEP = 1 / 32;
const STEPS = 160;
/** Two step sizes must agree within this; else the piece holds a jump or a peak, and is halved. */
const AGREEMENT = 1e-9;
const MAX_HALVINGS = 30;

/**
 * ∫ f over `[from, to]`, piece by piece between the `cuts`.
 * @param cuts  sorted points inside the interval, where the mass is
 */
export function integrate(
  f: (x: number) => number,
  [from, to]: readonly [number, number],
  cuts: readonly number[],
): number {
  const inside = [...new Set(cuts.filter((cut) => cut > from && cut < to))];
  if (inside.length === 0) inside.push(Number.isFinite(from) && Number.isFinite(to) ? (from + to) / 2 : 0);
  const points = [from, ...inside, to];
  let total = 0;
  for (let i = 0; i + 1 < points.length; i++) total += integratePiece(f, points[i]!, points[i + 1]!);
  return total;
}

function integratePiece(f: (x: number) => number, from: number, to: number, halvings = 0): number {
  if (from === -Infinity) return integratePiece((x) => f(-x), -to, Infinity);
  const isInfinite = to === Infinity;
  const width = isInfinite ? 1 : to - from;
  let sum = 0;
  let everySecond = 0;
  for (let i = -STEPS; i <= STEPS; i++) {
    const t = i * STEP;
    const s = (Math.PI / 2) * Math.sinh(t);
    const ds = (Math.PI / 2) * Math.cosh(t);
    // Distances from the nearer end, so that a pole there is approached without cancellation.
    const near = width / (1 + Math.exp(-2 * s));
    const far = width / (1 + Math.exp(2 * s));
    const [x, dx] = isInfinite
      ? [from + Math.exp(s), Math.exp(s) * ds]
      : [s < 0 ? from + near : to - far, ((2 * near * far) / width) * ds];
    if (!(dx > 0 && dx < Infinity) || x <= from || x >= to) continue;
    const term = f(x) * dx;
    if (!Number.isFinite(term)) continue;
    sum += term;
    if (i % 2 === 0) everySecond += term;
  }
  if (Math.abs(sum - 2 * everySecond) * STEP <= AGREEMENT || halvings === MAX_HALVINGS) return sum * STEP;
  const middle = isInfinite ? from + Math.max(1, Math.abs(from)) : (from + to) / 2;
  return integratePiece(f, from, middle, halvings + 1) + integratePiece(f, middle, to, halvings + 1);
}
