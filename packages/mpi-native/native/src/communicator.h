#pragma once
#include <node_api.h>

napi_value Split(napi_env env, napi_callback_info info);
napi_value Dup(napi_env env, napi_callback_info info);
napi_value Free(napi_env env, napi_callback_info info);
