/** Runs in each worker of `dml-run` before the script. */
import { writeOutputAtOnce } from './writeAtOnce.js';

writeOutputAtOnce();
