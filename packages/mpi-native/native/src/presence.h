// What each rank is doing right now, in memory that all ranks of one host share. The closing handshake reads it to
// distinguish a rank that still computes from one that waits for a rank that has finished; the watchdog reads it to name the ranks
// that wait.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

enum class Call : uint32_t {
  None,
  Allgather,
  Allgatherv,
  Allreduce,
  Alltoall,
  Alltoallv,
  Barrier,
  Bcast,
  CommDup,
  CommFree,
  CommSplit,
  CommSplitType,
  Exscan,
  Finalize,
  Gather,
  Gatherv,
  Iallreduce,
  Irecv,
  Isend,
  Probe,
  Recv,
  Reduce,
  ReduceScatter,
  Scan,
  Scatter,
  Scatterv,
  Send,
  Sendrecv
};

// Names of the MPI functions, in the order of Call. In the header, so that a name costs nothing where it is not needed.
constexpr const char *CALL_NAMES[] = {
    "no MPI call",
    "MPI_Allgather", "MPI_Allgatherv", "MPI_Allreduce", "MPI_Alltoall", "MPI_Alltoallv", "MPI_Barrier", "MPI_Bcast",
    "MPI_Comm_dup", "MPI_Comm_free", "MPI_Comm_split", "MPI_Comm_split_type", "MPI_Exscan", "MPI_Finalize",
    "MPI_Gather", "MPI_Gatherv", "MPI_Iallreduce", "MPI_Irecv", "MPI_Isend", "MPI_Probe", "MPI_Recv", "MPI_Reduce",
    "MPI_Reduce_scatter", "MPI_Scan", "MPI_Scatter", "MPI_Scatterv", "MPI_Send", "MPI_Sendrecv",
};
inline const char *callName(Call call) { return CALL_NAMES[static_cast<size_t>(call)]; }

enum class Phase : uint32_t { Unseen, Running, Closing };

constexpr int32_t ANY_PEER = -1;

struct alignas(64) Presence {
  std::atomic<Phase> phase;
  std::atomic<Call> call;
  // Grows by one at every MPI call: equal twice in a row with a call set means blocked.
  std::atomic<uint64_t> sequence;
  // The rank that a point-to-point call waits for, ANY_PEER for any; meaningful during such a call.
  std::atomic<int32_t> peer;
  // Whether the rank is not inside `call`, but looks again and again whether a request of that kind is finished.
  std::atomic<bool> isPolled;
  // Collective calls on communicators of all ranks. A rank that counts more than a finished one would never end.
  std::atomic<uint64_t> collectives;
  // How often the rank has looked at unfinished requests. While this stands still, the rank computes.
  std::atomic<uint64_t> polls;
};

// One entry per rank of the job; the entries of ranks on other hosts stay Unseen. Collective over all ranks.
void openPresence(int rank, int size);
void closePresence();
const Presence &presenceOf(int rank);
extern Presence *ownPresence;

// Whether this rank is the first of its host to ask: the one that prints why the job fails.
bool claimReport();

// Starts a thread that ends this process with code 87 when one MPI call lasts longer than `seconds`.
void startWatchdog(int rank, int size, double seconds);
// The ranks that wait and the ranks that do not, for the watchdog's message.
std::string describeRanks(int size);

// Marks the time inside one MPI call.
class CallScope {
 public:
  CallScope(Call call, bool collectiveOfAll, int32_t peer = ANY_PEER) {
    auto order = std::memory_order_relaxed;
    ownPresence->peer.store(peer, order);
    ownPresence->isPolled.store(false, order);
    if (collectiveOfAll) ownPresence->collectives.store(ownPresence->collectives.load(order) + 1, order);
    ownPresence->sequence.store(ownPresence->sequence.load(order) + 1, order);
    ownPresence->call.store(call, std::memory_order_release);
  }
  ~CallScope() { ownPresence->call.store(Call::None, std::memory_order_release); }
  CallScope(const CallScope &) = delete;
  CallScope &operator=(const CallScope &) = delete;
};

// Marks that the program does nothing but wait for a request of this kind. The next call ends it.
void markPolling(Call call, int32_t peer);
void endPolling();
