#include "bindings.h"
#include "check.h"
#include "values.h"

namespace {

// Makes a communicator of the one in the frame. `make` fills in the new one, or MPI_COMM_NULL for a rank left out.
template <typename Make>
napi_value derive(napi_env env, Call call, Make make) {
  Group *group = readGroup(env, callName(call));
  if (group == nullptr) return nullptr;
  MPI_Comm made = MPI_COMM_NULL;
  CallScope scope(call, group->ofAll);
  if (failed(env, callName(call), make(group->data, &made))) return nullptr;
  if (made == MPI_COMM_NULL) return nullOf(env);
  int rc = MPI_SUCCESS;
  int handle = addGroup(made, &rc);
  if (failed(env, "MPI_Comm_dup", rc)) return nullptr;
  const Group &added = *session.groups[static_cast<size_t>(handle)];
  return makeObject(env, {{"handle", numberOf(env, handle)},
                          {"rank", numberOf(env, added.rank)},
                          {"size", numberOf(env, added.size)}});
}

}  // namespace

// split(color, key): { handle, rank, size }, or null for color -1
napi_value Split(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  readArguments(env, info, argv);
  int color = readInt(env, argv[0]);
  int key = readInt(env, argv[1]);
  return derive(env, Call::CommSplit, [&](MPI_Comm comm, MPI_Comm *made) {
    // int MPI_Comm_split(MPI_Comm comm, int color, int key, MPI_Comm *newcomm)
    return MPI_Comm_split(comm, color < 0 ? MPI_UNDEFINED : color, key, made);
  });
}

// splitHost(key): { handle, rank, size }
napi_value SplitHost(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  readArguments(env, info, argv);
  int key = readInt(env, argv[0]);
  return derive(env, Call::CommSplitType, [&](MPI_Comm comm, MPI_Comm *made) {
    // int MPI_Comm_split_type(MPI_Comm comm, int split_type, int key, MPI_Info info, MPI_Comm *newcomm)
    return MPI_Comm_split_type(comm, MPI_COMM_TYPE_SHARED, key, MPI_INFO_NULL, made);
  });
}

// dup(): { handle, rank, size }
napi_value Dup(napi_env env, napi_callback_info) {
  return derive(env, Call::CommDup, [](MPI_Comm comm, MPI_Comm *made) {
    // int MPI_Comm_dup(MPI_Comm comm, MPI_Comm *newcomm)
    return MPI_Comm_dup(comm, made);
  });
}

// free()
napi_value Free(napi_env env, napi_callback_info) {
  Group *group = readGroup(env, "MPI_Comm_free");
  if (group == nullptr) return nullptr;
  CallScope scope(Call::CommFree, group->ofAll);
  // int MPI_Comm_free(MPI_Comm *comm)
  int rc = MPI_Comm_free(&group->internal);
  if (rc == MPI_SUCCESS) rc = MPI_Comm_free(&group->data);
  if (failed(env, "MPI_Comm_free", rc)) return nullptr;
  session.groups[static_cast<size_t>(frame->group)].reset();
  return nullptr;
}
