/** Names of the calls of a communicator, for messages and for comparing what ranks do. */

/** Collective calls over arrays, and those that make or end a communicator. */
export const COLLECTIVES = [
  'barrier',
  'bcast',
  'allreduce',
  'reduce',
  'scan',
  'exscan',
  'reduceScatter',
  'gather',
  'gatherv',
  'scatter',
  'scatterv',
  'allgather',
  'allgatherv',
  'alltoall',
  'alltoallv',
  'split',
  'splitType',
  'dup',
  'free',
] as const;

/** Collective calls over objects. */
export const OBJECT_CALLS = [
  'bcastObject',
  'gatherObject',
  'allgatherObject',
  'scatterObject',
  'reduceObject',
  'allreduceObject',
] as const;

/** Calls between two ranks. */
export const MESSAGE_CALLS = ['send', 'recv', 'sendrecv', 'probe', 'isend', 'irecv'] as const;
