/*
 * Opens the MPI library before a variant of the addon is loaded. The variants are not linked to any MPI: they find
 * their symbols in the global scope, so the library must be opened with RTLD_GLOBAL, which process.dlopen cannot do.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <node_api.h>
#include <string.h>

/* open(name: string): { family: 'openmpi' | 'mpich', path: string } | { message: string } */
static napi_value Open(napi_env env, napi_callback_info info) {
  size_t argc = 1;
  napi_value argv[1];
  char name[4096];
  size_t length = 0;
  napi_value result;
  napi_value text;
  if (napi_get_cb_info(env, info, &argc, argv, NULL, NULL) != napi_ok || argc < 1 ||
      napi_get_value_string_utf8(env, argv[0], name, sizeof name, &length) != napi_ok) {
    napi_throw_type_error(env, NULL, "open expects a file name");
    return NULL;
  }
  if (napi_create_object(env, &result) != napi_ok) return NULL;

  /* void *dlopen(const char *filename, int flags) */
  void *library = dlopen(name, RTLD_NOW | RTLD_GLOBAL);
  if (library == NULL) {
    const char *message = dlerror();
    if (message == NULL) message = "unknown reason";
    napi_create_string_utf8(env, message, NAPI_AUTO_LENGTH, &text);
    napi_set_named_property(env, result, "message", text);
    return result;
  }

  /* void *dlsym(void *handle, const char *symbol) */
  void *init = dlsym(library, "MPI_Init_thread");
  if (init == NULL) {
    napi_create_string_utf8(env, "the file is not an MPI library: it has no MPI_Init_thread", NAPI_AUTO_LENGTH, &text);
    napi_set_named_property(env, result, "message", text);
    dlclose(library);
    return result;
  }
  const char *family = dlsym(library, "ompi_mpi_comm_world") != NULL ? "openmpi" : "mpich";
  napi_create_string_utf8(env, family, NAPI_AUTO_LENGTH, &text);
  napi_set_named_property(env, result, "family", text);

  /* int dladdr(const void *addr, Dl_info *info) */
  Dl_info place;
  const char *path = dladdr(init, &place) != 0 && place.dli_fname != NULL ? place.dli_fname : name;
  napi_create_string_utf8(env, path, NAPI_AUTO_LENGTH, &text);
  napi_set_named_property(env, result, "path", text);
  return result;
}

NAPI_MODULE_INIT() {
  napi_value open;
  if (napi_create_function(env, "open", NAPI_AUTO_LENGTH, Open, NULL, &open) != napi_ok) return NULL;
  if (napi_set_named_property(env, exports, "open", open) != napi_ok) return NULL;
  return exports;
}
