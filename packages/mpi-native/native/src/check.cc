#include "check.h"

#include "types.h"

Frame *frame = nullptr;

void throwError(napi_env env, const char *code, const char *call, int rawCode, const char *detail) {
  napi_value create = nullptr;
  napi_value receiver = nullptr;
  napi_value argv[4];
  napi_value error = nullptr;
  bool made = session.createError != nullptr && session.env == env &&
              napi_get_reference_value(env, session.createError, &create) == napi_ok &&
              napi_get_undefined(env, &receiver) == napi_ok &&
              napi_create_string_utf8(env, code, NAPI_AUTO_LENGTH, &argv[0]) == napi_ok &&
              napi_create_string_utf8(env, call, NAPI_AUTO_LENGTH, &argv[1]) == napi_ok &&
              napi_create_int32(env, rawCode, &argv[2]) == napi_ok &&
              napi_create_string_utf8(env, detail, NAPI_AUTO_LENGTH, &argv[3]) == napi_ok &&
              napi_call_function(env, receiver, create, 4, argv, &error) == napi_ok;
  if (made) {
    napi_throw(env, error);
  } else {
    napi_throw_error(env, code, detail);
  }
}

bool failed(napi_env env, const char *call, int rc) {
  if (rc == MPI_SUCCESS) return false;
  int errorClass = MPI_ERR_UNKNOWN;
  // int MPI_Error_class(int errorcode, int *errorclass)
  MPI_Error_class(rc, &errorClass);
  char text[MPI_MAX_ERROR_STRING + 1] = "";
  int length = 0;
  // int MPI_Error_string(int errorcode, char *string, int *resultlen)
  MPI_Error_string(rc, text, &length);
  throwError(env, errorName(errorClass), call, rc, text);
  return true;
}

bool ready(napi_env env, const char *call) {
  if (session.initialized && !session.finalized && session.owner == std::this_thread::get_id()) return true;
  if (!session.initialized) {
    throwError(env, "ERR_NOT_INITIALIZED", call, 0, "MPI is not initialized: call getWorld() first.");
  } else if (session.finalized) {
    throwError(env, "ERR_FINALIZED", call, 0, "MPI is finalized: no communicator can be used any more.");
  } else {
    throwError(env, "ERR_THREAD", call, 0, "only the thread that called getWorld() may use MPI.");
  }
  return false;
}

Group *readGroup(napi_env env, const char *call) {
  if (!ready(env, call)) return nullptr;
  int handle = toInt(frame->group);  // -1 once it was freed
  bool known = handle >= 0 && static_cast<size_t>(handle) < session.groups.size();
  Group *group = known ? session.groups[static_cast<size_t>(handle)].get() : nullptr;
  if (group == nullptr) throwError(env, "ERR_COMM", call, 0, "this communicator was freed.");
  return group;
}

bool readBuffer(napi_env env, const char *call, napi_value value, Buffer *buffer, double kind) {
  void *data = nullptr;
  size_t length = 0;
  // Asking for the type as well would cost three times as much: Node-API tries one type after another.
  if (napi_get_typedarray_info(env, value, nullptr, &length, &data, nullptr, nullptr) == napi_ok) {
    ElementType type = elementTypeOf(toInt(kind));
    *buffer = {static_cast<char *>(data), length, type.size, type.datatype};
    if (type.datatype != MPI_DATATYPE_NULL) return true;
  } else {
    napi_valuetype found = napi_undefined;
    napi_typeof(env, value, &found);
    *buffer = Buffer{};
    if (found == napi_null) return true;
  }
  throwError(env, "ERR_BUFFER", call, 0, "expected a numeric array");
  return false;
}
