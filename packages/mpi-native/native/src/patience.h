// How a rank waits. MPI libraries wait by looking again and again; where ranks outnumber the cores of their host, one that
// looks keeps the core from the one that it waits for, until the system takes the core away. Open MPI yields between two
// looks, MPICH does not, and then needs about 10 ms for a call that takes microseconds otherwise. In such a job each call
// is started without blocking, and this file waits for its end.
#pragma once
#include <mpi.h>

// Whether waiting ranks should leave their cores: one answer for the whole job, as a call that blocks does not match one
// that was only started. Collective over all ranks.
int findWhetherToYield();
extern bool yieldsWhileWaiting;

int waitFor(MPI_Request *request, MPI_Status *status);
int waitAll(int count, MPI_Request *requests);
int probe(int source, int tag, MPI_Comm comm, MPI_Status *status);

// One call without a status: `BLOCKING`, or `STARTING`, its counterpart that does not block, and then the wait.
template <auto BLOCKING, auto STARTING, typename... Arguments>
int complete(Arguments... arguments) {
  if (!yieldsWhileWaiting) return BLOCKING(arguments...);
  MPI_Request request = MPI_REQUEST_NULL;
  int rc = STARTING(arguments..., &request);
  return rc == MPI_SUCCESS ? waitFor(&request, MPI_STATUS_IGNORE) : rc;
}
