#pragma once
#include <node_api.h>

napi_value Gather(napi_env env, napi_callback_info info);
napi_value Gatherv(napi_env env, napi_callback_info info);
napi_value Scatter(napi_env env, napi_callback_info info);
napi_value Scatterv(napi_env env, napi_callback_info info);
napi_value Allgather(napi_env env, napi_callback_info info);
napi_value Allgatherv(napi_env env, napi_callback_info info);
