/** Prints each published result beside ours; exits with 1 when one does not agree. */
import { atlas } from './atlas.js';
import { agrees, type Quantity } from './result.js';

function verdictOf(quantity: Quantity): string {
  if (!agrees(quantity)) return 'DIFFERS';
  return Math.abs(quantity.ours - quantity.published) <= quantity.tolerance ? 'agrees' : 'better';
}

let differing = 0;
for (const { title, source, quantities } of atlas) {
  console.log(`${title} (${source})`);
  for (const quantity of quantities()) {
    const { name, published, ours } = quantity;
    const verdict = verdictOf(quantity);
    if (verdict === 'DIFFERS') differing++;
    console.log(
      `  ${name.padEnd(24)} published ${String(published).padStart(12)}   ours ${ours.toPrecision(8).padStart(12)}   ${verdict}`,
    );
  }
}
console.log(`${atlas.length} results, ${differing === 0 ? 'all agree' : `${differing} numbers differ`}`);
process.exitCode = differing === 0 ? 0 : 1;
