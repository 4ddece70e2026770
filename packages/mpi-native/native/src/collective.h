#pragma once
#include <node_api.h>

napi_value Barrier(napi_env env, napi_callback_info info);
napi_value Bcast(napi_env env, napi_callback_info info);
napi_value Allreduce(napi_env env, napi_callback_info info);
napi_value Reduce(napi_env env, napi_callback_info info);
napi_value Exchange(napi_env env, napi_callback_info info);
