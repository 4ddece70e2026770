/** A page that fits a model of every family: the test compares its bits with those of Node. */
import * as stats from '@dml/stats';
import { everyFamily, traceOf } from '../../packages/stats/test/everyFamily.js';

const names = Object.keys(everyFamily);
document.body.textContent = JSON.stringify(names.map((name) => [name, traceOf(stats, name)]));
