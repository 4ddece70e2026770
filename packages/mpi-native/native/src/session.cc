#include "session.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <climits>
#include <numeric>

#include "check.h"
#include "presence.h"

Session session;

static int findJobRanks(Group *group) {
  std::vector<int> ranks(static_cast<size_t>(group->size));
  std::iota(ranks.begin(), ranks.end(), 0);
  group->jobRanks.resize(ranks.size());
  MPI_Group own = MPI_GROUP_NULL;
  MPI_Group all = MPI_GROUP_NULL;
  // int MPI_Comm_group(MPI_Comm comm, MPI_Group *group)
  int rc = MPI_Comm_group(group->data, &own);
  if (rc == MPI_SUCCESS) rc = MPI_Comm_group(MPI_COMM_WORLD, &all);
  // int MPI_Group_translate_ranks(MPI_Group group1, int n, const int ranks1[], MPI_Group group2, int ranks2[])
  if (rc == MPI_SUCCESS) rc = MPI_Group_translate_ranks(own, group->size, ranks.data(), all, group->jobRanks.data());
  if (own != MPI_GROUP_NULL) MPI_Group_free(&own);
  if (all != MPI_GROUP_NULL) MPI_Group_free(&all);
  return rc;
}

int addGroup(MPI_Comm data, int *code) {
  auto group = std::make_unique<Group>();
  group->data = data;
  // int MPI_Comm_dup(MPI_Comm comm, MPI_Comm *newcomm)
  if ((*code = MPI_Comm_dup(data, &group->internal)) != MPI_SUCCESS) return -1;
  MPI_Comm_set_errhandler(data, MPI_ERRORS_RETURN);
  MPI_Comm_set_errhandler(group->internal, MPI_ERRORS_RETURN);
  MPI_Comm_rank(data, &group->rank);
  MPI_Comm_size(data, &group->size);
  group->ofAll = group->size == session.size;
  if ((*code = findJobRanks(group.get())) != MPI_SUCCESS) return -1;
  group->lengths.resize(static_cast<size_t>(group->size));
  group->counts.resize(static_cast<size_t>(group->size));
  group->displacements.resize(static_cast<size_t>(group->size));
  for (size_t handle = 0; handle < session.groups.size(); handle++) {
    if (session.groups[handle] != nullptr) continue;
    session.groups[handle] = std::move(group);
    return static_cast<int>(handle);
  }
  session.groups.push_back(std::move(group));
  return static_cast<int>(session.groups.size()) - 1;
}

// init(createError, frame, maxCount, watchdogSeconds, isOneHost): { rank, size, handle, family, library }
napi_value Init(napi_env env, napi_callback_info info) {
  napi_value argv[5];
  readArguments(env, info, argv);
  if (session.initialized) {
    throwError(env, "ERR_OTHER", "MPI_Init_thread", 0, "MPI is already initialized in this process.");
    return nullptr;
  }
  session.env = env;
  napi_create_reference(env, argv[0], 1, &session.createError);
  void *shared = nullptr;
  size_t words = 0;
  napi_get_typedarray_info(env, argv[1], nullptr, &words, &shared, nullptr, nullptr);
  if (words * sizeof(double) != sizeof(Frame)) {
    throwError(env, "ERR_INTERN", "MPI_Init_thread", 0, "the frame does not have the length of struct Frame");
    return nullptr;
  }
  frame = static_cast<Frame *>(shared);
  napi_create_reference(env, argv[1], 1, &session.frame);  // its memory must stay
  session.maxCount = static_cast<size_t>(readDouble(env, argv[2]));
  double watchdogSeconds = readDouble(env, argv[3]);
  bool isOneHost = false;
  napi_get_value_bool(env, argv[4], &isOneHost);

  int before = 0;
  MPI_Initialized(&before);
  if (!before) {
    int provided = 0;
    // int MPI_Init_thread(int *argc, char ***argv, int required, int *provided)
    int rc = MPI_Init_thread(nullptr, nullptr, threadLevel(isOneHost), &provided);
    if (failed(env, "MPI_Init_thread", rc)) return nullptr;
  }
  session.initialized = true;
  session.owner = std::this_thread::get_id();
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN);
  MPI_Comm_rank(MPI_COMM_WORLD, &session.rank);
  MPI_Comm_size(MPI_COMM_WORLD, &session.size);
  openPresence(session.rank, session.size);
  if (watchdogSeconds > 0) startWatchdog(session.rank, session.size, watchdogSeconds);

  MPI_Comm data = MPI_COMM_NULL;
  int rc = MPI_Comm_dup(MPI_COMM_WORLD, &session.handshake);
  if (rc == MPI_SUCCESS) rc = MPI_Comm_dup(MPI_COMM_WORLD, &data);
  int handle = rc == MPI_SUCCESS ? addGroup(data, &rc) : -1;
  if (failed(env, "MPI_Comm_dup", rc)) return nullptr;

  char version[MPI_MAX_LIBRARY_VERSION_STRING + 1] = "";
  int length = 0;
  // int MPI_Get_library_version(char *version, int *resultlen)
  MPI_Get_library_version(version, &length);
  napi_value result;
  napi_value value;
  napi_create_object(env, &result);
  napi_create_int32(env, session.rank, &value);
  napi_set_named_property(env, result, "rank", value);
  napi_create_int32(env, session.size, &value);
  napi_set_named_property(env, result, "size", value);
  napi_create_int32(env, handle, &value);
  napi_set_named_property(env, result, "handle", value);
  napi_create_string_utf8(env, DML_FAMILY, NAPI_AUTO_LENGTH, &value);
  napi_set_named_property(env, result, "family", value);
  napi_create_string_utf8(env, version, NAPI_AUTO_LENGTH, &value);
  napi_set_named_property(env, result, "library", value);
  return result;
}

namespace {

enum class Verdict { Waiting, Mismatch, TimedOut };

// Watches the other ranks while this one, having finished, waits for them in the closing handshake.
class Handshake {
 public:
  explicit Handshake(double limit, double limitUnseen)
      : limit_(limit), limitUnseen_(limitUnseen), since_(clock::now()), seen_(static_cast<size_t>(session.size)) {}

  Verdict look(int *culprit) {
    uint64_t own = ownPresence->collectives.load(std::memory_order_relaxed);
    bool quiet = true;
    bool unseen = false;
    for (int rank = 0; rank < session.size; rank++) {
      const Presence &other = presenceOf(rank);
      Phase phase = other.phase.load(std::memory_order_acquire);
      if (rank == session.rank || phase == Phase::Closing) continue;
      *culprit = rank;
      if (phase == Phase::Unseen) {
        unseen = true;
        continue;
      }
      if (other.collectives.load(std::memory_order_relaxed) > own) return Verdict::Mismatch;
      // A rank outside MPI computes and will come; a rank in a new call made progress.
      uint64_t sequence = other.sequence.load(std::memory_order_relaxed);
      bool blocked = other.call.load(std::memory_order_acquire) != Call::None;
      if (!blocked || sequence != seen_[static_cast<size_t>(rank)]) quiet = false;
      seen_[static_cast<size_t>(rank)] = sequence;
    }
    auto now = clock::now();
    if (!quiet) since_ = now;
    int hopeless = findHopeless();
    if (hopeless != hopeless_) hopelessSince_ = now;
    hopeless_ = hopeless;
    // What a finished rank has sent arrives at once; later than this it was not sent.
    if (quiet && hopeless >= 0 && now - hopelessSince_ > std::chrono::seconds(2)) {
      *culprit = hopeless;
      return Verdict::Mismatch;
    }
    double limit = unseen ? limitUnseen_ : limit_;
    double waited = std::chrono::duration<double>(now - since_).count();
    return limit > 0 && waited > limit ? Verdict::TimedOut : Verdict::Waiting;
  }

 private:
  // A rank that waits for a message which no rank can send any more, -1 if there is none.
  int findHopeless() {
    gone_.assign(static_cast<size_t>(session.size), 0);
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
    if (call != Call::Recv && call != Call::Sendrecv) return false;
    int32_t peer = other.peer.load(std::memory_order_relaxed);
    if (peer >= 0 && peer < session.size) return gone_[static_cast<size_t>(peer)];
    return std::count(gone_.begin(), gone_.end(), 0) == 1;  // all but this one
  }

  using clock = std::chrono::steady_clock;
  std::vector<char> gone_;
  int hopeless_ = -1;
  clock::time_point hopelessSince_;
  double limit_;
  double limitUnseen_;
  clock::time_point since_;
  std::vector<uint64_t> seen_;
};

napi_value describeFailure(napi_env env, Verdict verdict, int culprit) {
  napi_value result;
  napi_value value;
  napi_create_object(env, &result);
  napi_get_boolean(env, verdict == Verdict::TimedOut, &value);
  napi_set_named_property(env, result, "timedOut", value);
  napi_create_int32(env, culprit, &value);
  napi_set_named_property(env, result, "rank", value);
  Call call = presenceOf(culprit).call.load(std::memory_order_acquire);
  napi_create_string_utf8(env, call == Call::None ? "" : callName(call), NAPI_AUTO_LENGTH, &value);
  napi_set_named_property(env, result, "call", value);
  return result;
}

}  // namespace

// close(limit, limitUnseen): null, or { timedOut, rank, call } when the other ranks will not come
napi_value Close(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  readArguments(env, info, argv);
  if (!ready(env, "MPI_Finalize")) return nullptr;
  closePresence();
  MPI_Request request = MPI_REQUEST_NULL;
  // int MPI_Ibarrier(MPI_Comm comm, MPI_Request *request)
  if (failed(env, "MPI_Ibarrier", MPI_Ibarrier(session.handshake, &request))) return nullptr;
  Handshake handshake(readDouble(env, argv[0]), readDouble(env, argv[1]));
  int done = 0;
  for (int round = 0;; round++) {
    // int MPI_Test(MPI_Request *request, int *flag, MPI_Status *status)
    if (failed(env, "MPI_Test", MPI_Test(&request, &done, MPI_STATUS_IGNORE))) return nullptr;
    if (done) break;
    int culprit = -1;
    if (round >= 100) {
      Verdict verdict = handshake.look(&culprit);
      if (verdict != Verdict::Waiting) return describeFailure(env, verdict, culprit);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(round < 100 ? 50 : 5000));
  }
  {
    CallScope scope(Call::Finalize, false);
    // int MPI_Finalize(void)
    int rc = MPI_Finalize();
    session.finalized = true;
    if (rc != MPI_SUCCESS) {
      throwError(env, "ERR_OTHER", "MPI_Finalize", rc, "finalizing MPI failed");
      return nullptr;
    }
  }
  napi_value null;
  napi_get_null(env, &null);
  return null;
}

// abort(code): does not return
napi_value Abort(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  readArguments(env, info, argv);
  int code = readInt(env, argv[0]);
  // int MPI_Abort(MPI_Comm comm, int errorcode)
  if (session.initialized && !session.finalized) MPI_Abort(MPI_COMM_WORLD, code);
  _exit(code);
}

// claimReport(): boolean, whether this rank is the one that tells why the job fails
napi_value ClaimReport(napi_env env, napi_callback_info) {
  napi_value result;
  napi_get_boolean(env, claimReport(), &result);
  return result;
}

// active(): boolean, between init and finalize
napi_value Active(napi_env env, napi_callback_info) {
  napi_value result;
  napi_get_boolean(env, session.initialized && !session.finalized, &result);
  return result;
}

// wtime(): number
napi_value Wtime(napi_env env, napi_callback_info) {
  if (!ready(env, "MPI_Wtime")) return nullptr;
  napi_value result;
  // double MPI_Wtime(void)
  napi_create_double(env, MPI_Wtime(), &result);
  return result;
}
