{
  # mpiConfig.mjs prints the include folders of one MPI family, or nothing where that family is not installed.
  "variables": {
    "openmpi_include%": ["<!@(node mpiConfig.mjs openmpi)"],
    "mpich_include%": ["<!@(node mpiConfig.mjs mpich)"],
    "has_openmpi%": "<!(node mpiConfig.mjs openmpi --found)",
    "has_mpich%": "<!(node mpiConfig.mjs mpich --found)"
  },
  "target_defaults": {
    "cflags": ["-O2", "-Wall", "-Wextra", "-Werror", "-fvisibility=hidden", "-ffile-prefix-map=<(module_root_dir)=."],
    "cflags_cc": ["-std=c++17", "-Wno-unused-parameter", "-Wno-cast-function-type"],
    "cflags_cc!": ["-std=gnu++17", "-std=gnu++20", "-std=gnu++14"],
    "ldflags": ["-static-libstdc++", "-static-libgcc", "-Wl,--build-id=none"],
    "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
    "defines": [
      "NAPI_VERSION=8",
      "NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS",
      # The C++ bindings of old mpi.h files would pull in a library that newer versions no longer have.
      "OMPI_SKIP_MPICXX=1",
      "MPICH_SKIP_MPICXX=1"
    ],
    "xcode_settings": { "OTHER_CFLAGS": ["-fvisibility=hidden"] }
  },
  "targets": [
    {
      "target_name": "loader",
      "sources": ["src/loader.c"],
      "conditions": [["OS=='linux'", { "libraries": ["-ldl"] }]]
    }
  ],
  "conditions": [
    [
      "has_openmpi=='yes'",
      { "targets": [{ "target_name": "openmpi", "include_dirs": ["<@(openmpi_include)"], "includes": ["sources.gypi"] }] }
    ],
    [
      "has_mpich=='yes'",
      { "targets": [{ "target_name": "mpich", "include_dirs": ["<@(mpich_include)"], "includes": ["sources.gypi"] }] }
    ]
  ]
}
