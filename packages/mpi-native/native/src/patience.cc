#include "patience.h"

#include <sched.h>
#include <time.h>

#include <thread>

#include "types.h"

bool yieldsWhileWaiting = false;

namespace {

// A yield costs a microsecond and lets another rank run. Who has yielded this often waits for something long: it sleeps, a
// few hundredths of a millisecond at a time, so that a rank that computes has the core to itself.
constexpr unsigned YIELDS = 200;
constexpr long PAUSE_NANOSECONDS = 50'000;

// Looks until there is what is waited for, or an error. `look` fills in whether it is there.
template <typename Look>
int await(Look look) {
  for (unsigned round = 0;; round++) {
    int done = 0;
    int rc = look(&done);
    if (rc != MPI_SUCCESS || done) return rc;
    if (round < YIELDS) {
      sched_yield();
    } else {
      timespec pause{0, PAUSE_NANOSECONDS};
      nanosleep(&pause, nullptr);
    }
  }
}

#if defined(__linux__)
// Ranks may be bound to cores of their own: what counts is what all ranks of the host have together.
int countCores(MPI_Comm host, int *count) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  sched_getaffinity(0, sizeof cores, &cores);
  // int MPI_Allreduce(const void *sendbuf, void *recvbuf, int count, MPI_Datatype datatype, MPI_Op op, MPI_Comm comm)
  int rc = MPI_Allreduce(MPI_IN_PLACE, &cores, static_cast<int>(sizeof cores), MPI_BYTE, MPI_BOR, host);
  *count = CPU_COUNT(&cores);
  return rc;
}
#else
int countCores(MPI_Comm, int *count) {
  *count = static_cast<int>(std::thread::hardware_concurrency());
  return MPI_SUCCESS;
}
#endif

}  // namespace

int findWhetherToYield() {
  if (YIELDS_BY_ITSELF) return MPI_SUCCESS;
  MPI_Comm host = MPI_COMM_NULL;
  // int MPI_Comm_split_type(MPI_Comm comm, int split_type, int key, MPI_Info info, MPI_Comm *newcomm)
  int rc = MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &host);
  if (rc != MPI_SUCCESS) return rc;
  int cores = 0;
  int ranks = 0;
  rc = countCores(host, &cores);
  MPI_Comm_size(host, &ranks);
  MPI_Comm_free(&host);
  if (rc != MPI_SUCCESS) return rc;
  int isCrowded = ranks > cores ? 1 : 0;
  rc = MPI_Allreduce(MPI_IN_PLACE, &isCrowded, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  yieldsWhileWaiting = isCrowded != 0;
  return rc;
}

int waitFor(MPI_Request *request, MPI_Status *status) {
  // int MPI_Wait(MPI_Request *request, MPI_Status *status)
  if (!yieldsWhileWaiting) return MPI_Wait(request, status);
  // int MPI_Test(MPI_Request *request, int *flag, MPI_Status *status)
  return await([&](int *done) { return MPI_Test(request, done, status); });
}

int waitAll(int count, MPI_Request *requests) {
  // int MPI_Waitall(int count, MPI_Request array_of_requests[], MPI_Status array_of_statuses[])
  if (!yieldsWhileWaiting) return MPI_Waitall(count, requests, MPI_STATUSES_IGNORE);
  // int MPI_Testall(int count, MPI_Request array_of_requests[], int *flag, MPI_Status array_of_statuses[])
  return await([&](int *done) { return MPI_Testall(count, requests, done, MPI_STATUSES_IGNORE); });
}

int probe(int source, int tag, MPI_Comm comm, MPI_Status *status) {
  // int MPI_Probe(int source, int tag, MPI_Comm comm, MPI_Status *status)
  if (!yieldsWhileWaiting) return MPI_Probe(source, tag, comm, status);
  // int MPI_Iprobe(int source, int tag, MPI_Comm comm, int *flag, MPI_Status *status)
  return await([&](int *found) { return MPI_Iprobe(source, tag, comm, found, status); });
}
