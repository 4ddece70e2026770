// Values for JavaScript.
#pragma once
#include <node_api.h>

#include <initializer_list>

inline napi_value booleanOf(napi_env env, bool value) {
  napi_value result;
  napi_get_boolean(env, value, &result);
  return result;
}

inline napi_value numberOf(napi_env env, double value) {
  napi_value result;
  napi_create_double(env, value, &result);
  return result;
}

inline napi_value textOf(napi_env env, const char *value) {
  napi_value result;
  napi_create_string_utf8(env, value, NAPI_AUTO_LENGTH, &result);
  return result;
}

inline napi_value nullOf(napi_env env) {
  napi_value result;
  napi_get_null(env, &result);
  return result;
}

struct Property {
  const char *name;
  napi_value value;
};

inline napi_value makeObject(napi_env env, std::initializer_list<Property> properties) {
  napi_value result;
  napi_create_object(env, &result);
  for (const Property &property : properties) napi_set_named_property(env, result, property.name, property.value);
  return result;
}
