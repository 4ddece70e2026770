// The table of bindings. Hot calls use plain Node-API: wrapping each argument would cost more than the call to MPI.
#include <napi.h>

#include "blocks.h"
#include "collective.h"
#include "communicator.h"
#include "pointToPoint.h"
#include "session.h"

static Napi::Object Register(Napi::Env env, Napi::Object exports) {
  const struct {
    const char *name;
    napi_callback function;
  } bindings[] = {
      {"init", Init},           {"close", Close},       {"abort", Abort},           {"active", Active},
      {"claimReport", ClaimReport}, {"wtime", Wtime},         {"split", Split},       {"dup", Dup},               {"free", Free},
      {"barrier", Barrier},     {"bcast", Bcast},       {"allreduce", Allreduce},   {"reduce", Reduce},
      {"exchange", Exchange},   {"gather", Gather},     {"gatherv", Gatherv},       {"scatter", Scatter},
      {"scatterv", Scatterv},   {"allgather", Allgather}, {"allgatherv", Allgatherv}, {"send", Send},
      {"recv", Recv},           {"sendrecv", Sendrecv},
  };
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
