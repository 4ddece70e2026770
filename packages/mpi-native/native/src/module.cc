// The table of bindings. Hot calls use plain Node-API: wrapping each argument would cost more than the call to MPI.
#include <napi.h>

#include "bindings.h"

static Napi::Object Register(Napi::Env env, Napi::Object exports) {
#define DML_REGISTER(name, function) {#name, function},
  const struct {
    const char *name;
    napi_callback function;
  } bindings[] = {DML_BINDINGS(DML_REGISTER)};
#undef DML_REGISTER
  for (const auto &binding : bindings) {
    napi_value function;
    napi_status status =
        napi_create_function(env, binding.name, NAPI_AUTO_LENGTH, binding.function, nullptr, &function);
    if (status != napi_ok) {
      Napi::Error::New(env).ThrowAsJavaScriptException();
      return exports;
    }
    exports.Set(binding.name, Napi::Value(env, function));
  }
  return exports;
}

NODE_API_MODULE(NODE_GYP_MODULE_NAME, Register)
