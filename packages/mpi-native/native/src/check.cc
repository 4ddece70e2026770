#include "check.h"

#include <cstring>
#include <string>

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

bool readBuffer(napi_env env, const char *call, napi_value value, Buffer *buffer) {
  napi_typedarray_type type;
  void *data = nullptr;
  if (napi_get_typedarray_info(env, value, &type, &buffer->length, &data, nullptr, nullptr) == napi_ok) {
    buffer->data = static_cast<char *>(data);
    buffer->elementSize = bytesPerElement(type);
    buffer->type = datatypeOf(type);
    if (buffer->type != MPI_DATATYPE_NULL) return true;
  } else {
    napi_valuetype kind = napi_undefined;
    napi_typeof(env, value, &kind);
    *buffer = Buffer{};
    if (kind == napi_null) return true;
  }
  throwError(env, "ERR_BUFFER", call, 0, "expected a numeric array");
  return false;
}

Group *readGroup(napi_env env, const char *call, napi_value value) {
  size_t index = static_cast<size_t>(readInt(env, value));
  Group *group = index < session.groups.size() ? session.groups[index].get() : nullptr;
  if (group == nullptr) throwError(env, "ERR_COMM", call, 0, "this communicator was freed.");
  return group;
}
