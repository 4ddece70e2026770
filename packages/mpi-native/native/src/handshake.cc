// The end of a job: a rank that has finished waits for the others, and finds out when they will not come.
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "bindings.h"
#include "check.h"
#include "requests.h"
#include "values.h"

namespace {

using Clock = std::chrono::steady_clock;

// In the order of CLOSE_FAILURES in native.ts. `Waiting` goes on.
enum class Verdict { Mismatch, TimedOut, Stuck, Unreceived, Waiting };

struct Finding {
  Verdict verdict;
  int rank;
  Call call;
};

// What a finished rank has sent arrives at once; later than this it was not sent.
constexpr auto HOPELESS = std::chrono::seconds(2);
// A rank that has looked this often at a request since then does nothing else.
constexpr uint64_t ENOUGH_POLLS = 100;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Watches the other ranks while this one waits for them.
class Handshake {
 public:
  Handshake(double limit, double limitUnseen)
      : limit_(limit), limitUnseen_(limitUnseen), seen_(ranks()), polls_(ranks()) {}

  Finding look() {
    uint64_t own = ownPresence->collectives.load(std::memory_order_relaxed);
    bool quiet = true;
    bool idle = true;
    bool unseen = false;
    bool proven = true;
    int awaited = session.rank;
    for (int rank = 0; rank < session.size; rank++) {
      size_t index = static_cast<size_t>(rank);
      const Presence &other = presenceOf(rank);
      Phase phase = other.phase.load(std::memory_order_acquire);
      if (rank == session.rank || phase == Phase::Closing) continue;
      awaited = rank;
      if (phase == Phase::Unseen) {
        unseen = true;
        continue;
      }
      Call call = other.call.load(std::memory_order_acquire);
      if (other.collectives.load(std::memory_order_relaxed) > own) return {Verdict::Mismatch, rank, call};
      uint64_t sequence = other.sequence.load(std::memory_order_relaxed);
      uint64_t polls = other.polls.load(std::memory_order_relaxed);
      bool moved = sequence != seen_[index];
      // A rank outside MPI computes and will come; a rank in a new call made progress.
      if (call == Call::None || moved) quiet = false;
      if (moved) idle = false;
      if (other.isPolled.load(std::memory_order_relaxed) && polls < polls_[index] + ENOUGH_POLLS) proven = false;
      seen_[index] = sequence;
    }
    // When the last rank comes, the time counts anew: until then it may have computed behind an open request.
    bool isLastHere = awaited == session.rank;
    if (isLastHere && !isComplete_) quiet = idle = false;
    isComplete_ = isLastHere;
    auto now = Clock::now();
    int hopeless = findHopeless();
    if (!quiet || hopeless != hopeless_) countPolls();
    if (!quiet) quietSince_ = now;
    if (!idle) idleSince_ = now;
    if (hopeless != hopeless_) hopelessSince_ = now;
    hopeless_ = hopeless;
    if (quiet && proven && hopeless >= 0 && now - hopelessSince_ > HOPELESS) return find(Verdict::Mismatch, hopeless);
    double limit = unseen ? limitUnseen_ : limit_;
    if (proven && limit > 0 && secondsSince(quietSince_) > limit) return find(Verdict::TimedOut, awaited);
    bool isWatched = session.watchdogSeconds > 0 && !unseen;
    if (isWatched && secondsSince(idleSince_) > session.watchdogSeconds) return find(Verdict::Stuck, awaited);
    return {Verdict::Waiting, awaited, Call::None};
  }

 private:
  static size_t ranks() { return static_cast<size_t>(session.size); }

  // From now on each rank has to look often enough again.
  void countPolls() {
    for (int rank = 0; rank < session.size; rank++) {
      polls_[static_cast<size_t>(rank)] = presenceOf(rank).polls.load(std::memory_order_relaxed);
    }
  }

  static Finding find(Verdict verdict, int rank) {
    return {verdict, rank, presenceOf(rank).call.load(std::memory_order_acquire)};
  }

  // A rank that waits for a message which no rank can send any more, -1 if there is none.
  int findHopeless() {
    gone_.assign(ranks(), 0);
    for (int rank = 0; rank < session.size; rank++) {
      gone_[static_cast<size_t>(rank)] = presenceOf(rank).phase.load(std::memory_order_acquire) == Phase::Closing;
    }
    int found = -1;
    for (bool changed = true; changed;) {
      changed = false;
      for (int rank = 0; rank < session.size; rank++) {
        if (gone_[static_cast<size_t>(rank)] || !waitsForGone(rank)) continue;
        gone_[static_cast<size_t>(rank)] = 1;
        if (found < 0) found = rank;
        changed = true;
      }
    }
    return found;
  }

  bool waitsForGone(int rank) const {
    const Presence &other = presenceOf(rank);
    Call call = other.call.load(std::memory_order_acquire);
    if (call != Call::Recv && call != Call::Sendrecv && call != Call::Irecv && call != Call::Probe) return false;
    int32_t peer = other.peer.load(std::memory_order_relaxed);
    if (peer >= 0 && peer < session.size) return gone_[static_cast<size_t>(peer)];
    return std::count(gone_.begin(), gone_.end(), 0) == 1;  // all but this one
  }

  double limit_;
  double limitUnseen_;
  bool isComplete_ = false;
  std::vector<uint64_t> seen_;
  std::vector<uint64_t> polls_;
  std::vector<char> gone_;
  int hopeless_ = -1;
  Clock::time_point hopelessSince_;
  Clock::time_point quietSince_ = Clock::now();
  Clock::time_point idleSince_ = Clock::now();
};

void rest(int round) { std::this_thread::sleep_for(std::chrono::microseconds(round < 100 ? 50 : 5000)); }

napi_value describe(napi_env env, const Finding &finding) {
  return makeObject(env, {{"reason", numberOf(env, static_cast<int>(finding.verdict))},
                          {"rank", numberOf(env, finding.rank)},
                          {"call", textOf(env, finding.call == Call::None ? "" : callName(finding.call))},
                          {"ranks", textOf(env, describeRanks(session.size).c_str())}});
}

}  // namespace

// close(limit, limitUnseen): null, or { reason, rank, call, ranks } when the other ranks will not come
napi_value Close(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  readArguments(env, info, argv);
  if (!ready(env, "MPI_Finalize")) return nullptr;
  cancelReceives();
  endPolling();
  closePresence();
  MPI_Request request = MPI_REQUEST_NULL;
  // int MPI_Ibarrier(MPI_Comm comm, MPI_Request *request)
  if (failed(env, "MPI_Ibarrier", MPI_Ibarrier(session.handshake, &request))) return nullptr;
  Handshake handshake(readDouble(env, argv[0]), readDouble(env, argv[1]));
  for (int round = 0;; round++) {
    int done = 0;
    if (failed(env, "MPI_Test", MPI_Test(&request, &done, MPI_STATUS_IGNORE))) return nullptr;
    if (done) break;
    if (round >= 100) {
      Finding finding = handshake.look();
      if (finding.verdict != Verdict::Waiting) return describe(env, finding);
    }
    rest(round);
  }
  // All ranks are here, so what is still on its way was never asked for.
  Finding unreceived{Verdict::Unreceived, ANY_PEER, Call::None};
  auto since = Clock::now();
  for (int round = 0; !everythingSent(&unreceived.call, &unreceived.rank); round++) {
    if (Clock::now() - since > HOPELESS) return describe(env, unreceived);
    rest(round);
  }
  freeOperations();
  CallScope scope(Call::Finalize, false);
  // A rank that MPICH 4.0.2 has let into MPI_Finalize closes its connections and then answers nothing, for which a later one
  // waits over TCP. The sleeps above part them by milliseconds; out of a barrier they come together.
  // int MPI_Barrier(MPI_Comm comm)
  if (failed(env, "MPI_Barrier", MPI_Barrier(session.handshake))) return nullptr;
  // int MPI_Finalize(void)
  int rc = MPI_Finalize();
  session.finalized = true;
  if (rc == MPI_SUCCESS) return nullOf(env);
  throwError(env, "ERR_OTHER", "MPI_Finalize", rc, "finalizing MPI failed");
  return nullptr;
}
