// Reading arguments and turning return codes into errors.
#pragma once
#include "session.h"
#include "types.h"

// A typed array's memory. `length` counts elements.
struct Buffer {
  char *data = nullptr;
  size_t length = 0;
  size_t elementSize = 1;
  MPI_Datatype type = MPI_DATATYPE_NULL;
};

// Throws an MpiError made by the function that JavaScript passed to init.
void throwError(napi_env env, const char *code, const char *call, int rawCode, const char *detail);
// Throws when `rc` is an error; returns whether it did.
bool failed(napi_env env, const char *call, int rc);
// MPI ends the process on a call before init or after finalize, and accepts calls from wrong threads: refuse here.
bool ready(napi_env env, const char *call);

template <size_t N>
inline void readArguments(napi_env env, napi_callback_info info, napi_value (&argv)[N]) {
  size_t argc = N;
  napi_get_cb_info(env, info, &argc, argv, nullptr, nullptr);
}

inline int readInt(napi_env env, napi_value value) {
  int32_t result = -1;
  napi_get_value_int32(env, value, &result);
  return result;
}

inline double readDouble(napi_env env, napi_value value) {
  double result = 0;
  napi_get_value_double(env, value, &result);
  return result;
}

// `null` gives an empty buffer. Throws for anything but a typed array that can travel.
bool readBuffer(napi_env env, const char *call, napi_value value, Buffer *buffer);
// Throws ERR_COMM for a handle that was freed.
Group *readGroup(napi_env env, const char *call, napi_value value);
