/**
 * Property tests, all with one seed: a run can be repeated, and a failing property prints its seed and path.
 * DML_PROPERTY_SEED tries another.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.DML_PROPERTY_SEED ?? 20_261_127) });

export default fc;
