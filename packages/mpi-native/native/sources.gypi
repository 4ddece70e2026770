{
  "sources": [
    "src/module.cc",
    "src/session.cc",
    "src/communicator.cc",
    "src/collective.cc",
    "src/blocks.cc",
    "src/check.cc",
    "src/pointToPoint.cc",
    "src/presence.cc"
  ]
}
