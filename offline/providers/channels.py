"""How this process speaks gRPC with the engines that it runs, one after the other.

gRPC shares connections between channels to one address, and remembers for up to two minutes, long after the channel is
gone, that an address refused. A program goes on for a moment after its engine has ended, so the addresses of failed
runs are remembered like that. An engine that is given the port of an earlier one seemed to refuse its own program:
"Resource monitor has terminated, shutting down". With connections of its own, a channel knows of no other.

Source: grpc/grpc, doc/connection-backoff.md, and include/grpc/impl/channel_arg_names.h on
GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL.
"""

from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS

_MESSAGE_LIMIT_BYTES = 400 * 1024 * 1024
_OWN_CONNECTIONS = ("grpc.use_local_subchannel_pool", 1)

SERVER_OPTIONS = (
    ("grpc.max_receive_message_length", _MESSAGE_LIMIT_BYTES),
    ("grpc.max_send_message_length", _MESSAGE_LIMIT_BYTES),
)
CHANNEL_OPTIONS = (*SERVER_OPTIONS, _OWN_CONNECTIONS)


def keep_connections_of_programs_apart() -> None:
    """Let channels that the SDK makes from now on share none: it takes no options, but reads this list for each."""
    if _OWN_CONNECTIONS not in _GRPC_CHANNEL_OPTIONS:
        _GRPC_CHANNEL_OPTIONS.append(_OWN_CONNECTIONS)
