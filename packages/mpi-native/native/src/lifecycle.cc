// Opening and leaving MPI.
#include <unistd.h>

#include "bindings.h"
#include "check.h"
#include "patience.h"
#include "types.h"
#include "values.h"

// Starts the watchdog once, from the first setting that asks for one.
static void watch(double seconds) {
  if (seconds <= 0 || session.watchdogSeconds > 0) return;
  session.watchdogSeconds = seconds;
  startWatchdog(session.rank, session.size, seconds);
}

// init(createError, frame, watchdogSeconds, isOneHost): { rank, size, handle, family, library }
napi_value Init(napi_env env, napi_callback_info info) {
  napi_value argv[4];
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
  bool isOneHost = false;
  napi_get_value_bool(env, argv[3], &isOneHost);

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
  if (failed(env, "MPI_Allreduce", findWhetherToYield())) return nullptr;
  watch(readDouble(env, argv[2]));

  MPI_Comm data = MPI_COMM_NULL;
  int rc = MPI_Comm_dup(MPI_COMM_WORLD, &session.handshake);
  if (rc == MPI_SUCCESS) rc = MPI_Comm_dup(MPI_COMM_WORLD, &data);
  int handle = rc == MPI_SUCCESS ? addGroup(data, &rc) : -1;
  if (failed(env, "MPI_Comm_dup", rc)) return nullptr;

  char version[MPI_MAX_LIBRARY_VERSION_STRING + 1] = "";
  int length = 0;
  // int MPI_Get_library_version(char *version, int *resultlen)
  MPI_Get_library_version(version, &length);
  return makeObject(env, {{"rank", numberOf(env, session.rank)},
                          {"size", numberOf(env, session.size)},
                          {"handle", numberOf(env, handle)},
                          {"family", textOf(env, DML_FAMILY)},
                          {"library", textOf(env, version)}});
}

// configure(maxCount, watchdogSeconds), once the ranks have agreed on them
napi_value Configure(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  readArguments(env, info, argv);
  maxCount = static_cast<size_t>(readDouble(env, argv[0]));
  watch(readDouble(env, argv[1]));
  return nullptr;
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

// claimReport(): boolean, whether this rank is the one that prints why the job fails
napi_value ClaimReport(napi_env env, napi_callback_info) { return booleanOf(env, claimReport()); }

// active(): boolean, between init and finalize
napi_value Active(napi_env env, napi_callback_info) {
  return booleanOf(env, session.initialized && !session.finalized);
}

// wtime(): number
napi_value Wtime(napi_env env, napi_callback_info) {
  if (!ready(env, "MPI_Wtime")) return nullptr;
  // double MPI_Wtime(void)
  return numberOf(env, MPI_Wtime());
}
