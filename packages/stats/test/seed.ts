/**
 * One seed for all property tests, so that a run can be repeated; a failing property prints it. DML_PROPERTY_SEED tries another.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.DML_PROPERTY_SEED ?? 20_261_127) });
