#include "presence.h"

#include <fcntl.h>
#include <mpi.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <thread>

namespace {

Presence unshared;
Presence *table = nullptr;
int tableSize = 0;
int ownRank = 0;
const Presence unseen{};
std::atomic<bool> reportedUnshared{false};
std::atomic<bool> *reported = &reportedUnshared;  // behind the table, in zeroed memory

constexpr int NAME_LENGTH = 64;

// The first rank of the host makes a nameless piece of shared memory; the name lives only until all have mapped it.
Presence *mapTable(const char *name, size_t bytes, bool create) {
  int file = shm_open(name, create ? O_CREAT | O_EXCL | O_RDWR : O_RDWR, 0600);
  if (file < 0) return nullptr;
  if (create && ftruncate(file, static_cast<off_t>(bytes)) != 0) {
    close(file);
    return nullptr;
  }
  void *memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  return memory == MAP_FAILED ? nullptr : static_cast<Presence *>(memory);
}

}  // namespace

Presence *ownPresence = &unshared;

void openPresence(int rank, int size) {
  ownRank = rank;
  MPI_Comm host = MPI_COMM_NULL;
  if (MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank, MPI_INFO_NULL, &host) == MPI_SUCCESS) {
    int hostRank = 0;
    MPI_Comm_rank(host, &hostRank);
    size_t bytes = sizeof(Presence) * static_cast<size_t>(size) + sizeof(*reported);
    char name[NAME_LENGTH] = "";
    Presence *mapped = nullptr;
    if (hostRank == 0) {
      auto now = std::chrono::steady_clock::now().time_since_epoch().count();
      std::snprintf(name, sizeof name, "/dml-%d-%llx", static_cast<int>(getpid()), static_cast<unsigned long long>(now));
      mapped = mapTable(name, bytes, true);
    }
    MPI_Bcast(name, NAME_LENGTH, MPI_CHAR, 0, host);
    if (hostRank != 0) mapped = mapTable(name, bytes, false);
    MPI_Barrier(host);
    if (hostRank == 0) shm_unlink(name);
    MPI_Comm_free(&host);
    if (mapped != nullptr) {
      table = mapped;
      tableSize = size;
      ownPresence = table + rank;
      reported = reinterpret_cast<std::atomic<bool> *>(table + size);
    }
  }
  ownPresence->phase.store(Phase::Running, std::memory_order_release);
}

void closePresence() { ownPresence->phase.store(Phase::Closing, std::memory_order_release); }

bool claimReport() { return !reported->exchange(true); }

const Presence &presenceOf(int rank) {
  if (rank == ownRank) return *ownPresence;
  return rank < tableSize ? table[rank] : unseen;
}

void markPolling(Call call, int32_t peer) {
  auto order = std::memory_order_relaxed;
  ownPresence->peer.store(peer, order);
  ownPresence->isPolled.store(true, order);
  ownPresence->polls.store(ownPresence->polls.load(order) + 1, order);
  ownPresence->call.store(call, std::memory_order_release);
}

void endPolling() { ownPresence->call.store(Call::None, std::memory_order_release); }

std::string describeRanks(int size) {
  std::string waiting;
  std::string others;
  auto add = [](std::string *list, const std::string &entry) { *list += (list->empty() ? "" : ", ") + entry; };
  for (int rank = 0; rank < size; rank++) {
    const Presence &presence = presenceOf(rank);
    Phase phase = presence.phase.load(std::memory_order_acquire);
    Call call = presence.call.load(std::memory_order_acquire);
    std::string name = "rank " + std::to_string(rank);
    if (phase == Phase::Unseen) add(&others, name + " is on another host");
    else if (phase == Phase::Closing) add(&waiting, name + " (has finished)");
    else if (call == Call::None) add(&others, name + " is in no MPI call");
    else add(&waiting, name + " (" + callName(call) + ")");
  }
  return "waiting: " + waiting + (others.empty() ? "" : "; " + others);
}

void startWatchdog(int rank, int size, double seconds) {
  std::thread([rank, size, seconds] {
    using clock = std::chrono::steady_clock;
    auto limit = std::chrono::duration<double>(seconds);
    uint64_t seen = 0;
    auto since = clock::now();
    for (;;) {
      std::this_thread::sleep_for(std::chrono::duration<double>(seconds / 20));
      Call call = ownPresence->call.load(std::memory_order_acquire);
      uint64_t sequence = ownPresence->sequence.load(std::memory_order_relaxed);
      // Who waits for requests in the event loop is watched there.
      bool isPolled = ownPresence->isPolled.load(std::memory_order_relaxed);
      if (call == Call::None || isPolled || sequence != seen) {
        seen = sequence;
        since = clock::now();
        continue;
      }
      if (clock::now() - since < limit) continue;
      char place[80];
      std::snprintf(place, sizeof place, "[rank %d/%d] watchdog: blocked in %s for %g s. ", rank, size, callName(call),
                    seconds);
      std::string text = place + describeRanks(size) + "\n";
      // One rank of a host prints and ends the job; the others end it if that rank cannot.
      bool isSpeaker = claimReport();
      if (!isSpeaker) std::this_thread::sleep_for(std::chrono::seconds(3));
      // MPI_Abort from this thread would need MPI_THREAD_MULTIPLE; the launcher ends the job when a rank is gone.
      if (isSpeaker && write(STDERR_FILENO, text.data(), text.size()) < 0) _exit(87);
      _exit(87);
    }
  }).detach();
}
