{
  "sources": [
    "src/module.cc",
    "src/session.cc",
    "src/lifecycle.cc",
    "src/handshake.cc",
    "src/communicator.cc",
    "src/elements.cc",
    "src/layout.cc",
    "src/collective.cc",
    "src/blocks.cc",
    "src/check.cc",
    "src/pointToPoint.cc",
    "src/requests.cc",
    "src/patience.cc",
    "src/presence.cc"
  ]
}
