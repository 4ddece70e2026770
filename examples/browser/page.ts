/** The page: fetches the model file and shows the scores. */
import { score } from './score.js';

const answer = await fetch('model.dml');
const scores = score(new Uint8Array(await answer.arrayBuffer()));
document.body.textContent = JSON.stringify(scores);
