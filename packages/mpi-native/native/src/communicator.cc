#include "communicator.h"

#include "check.h"
#include "presence.h"

static napi_value describe(napi_env env, int handle) {
  Group *group = session.groups[static_cast<size_t>(handle)].get();
  napi_value result;
  napi_value value;
  napi_create_object(env, &result);
  napi_create_int32(env, handle, &value);
  napi_set_named_property(env, result, "handle", value);
  napi_create_int32(env, group->rank, &value);
  napi_set_named_property(env, result, "rank", value);
  napi_create_int32(env, group->size, &value);
  napi_set_named_property(env, result, "size", value);
  return result;
}

// split(color, key): { handle, rank, size }, or null for color -1
napi_value Split(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  readArguments(env, info, argv);
  Group *group = readGroup(env, "MPI_Comm_split");
  if (group == nullptr) return nullptr;
  int color = readInt(env, argv[0]);
  MPI_Comm part = MPI_COMM_NULL;
  CallScope scope(Call::CommSplit, group->ofAll);
  // int MPI_Comm_split(MPI_Comm comm, int color, int key, MPI_Comm *newcomm)
  int rc = MPI_Comm_split(group->data, color < 0 ? MPI_UNDEFINED : color, readInt(env, argv[1]), &part);
  if (failed(env, "MPI_Comm_split", rc)) return nullptr;
  if (part == MPI_COMM_NULL) {
    napi_value null;
    napi_get_null(env, &null);
    return null;
  }
  int handle = addGroup(part, &rc);
  if (failed(env, "MPI_Comm_dup", rc)) return nullptr;
  return describe(env, handle);
}

// dup(): { handle, rank, size }
napi_value Dup(napi_env env, napi_callback_info) {
  Group *group = readGroup(env, "MPI_Comm_dup");
  if (group == nullptr) return nullptr;
  MPI_Comm copy = MPI_COMM_NULL;
  CallScope scope(Call::CommDup, group->ofAll);
  // int MPI_Comm_dup(MPI_Comm comm, MPI_Comm *newcomm)
  int rc = MPI_Comm_dup(group->data, &copy);
  if (failed(env, "MPI_Comm_dup", rc)) return nullptr;
  int handle = addGroup(copy, &rc);
  if (failed(env, "MPI_Comm_dup", rc)) return nullptr;
  return describe(env, handle);
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
