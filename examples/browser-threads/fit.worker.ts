/** What each worker of the page runs. */
import { runRank } from '@dml/mpi-native/browser';
import fit from './fit.js';

runRank(fit);
