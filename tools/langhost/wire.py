"""The protocol's messages and how a server is made of handlers, imported without the rest of the SDK.

Owns the one trick and the casts that gRPC's untyped edges need. `import pulumi` takes half a second, paid on every run
of the engine, while this process needs the generated messages alone: so the packages above them become empty ones here.
"""

import importlib.util
import sys
from collections.abc import Callable, Iterator
from concurrent import futures
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, NoReturn, Protocol, TypeVar, cast

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

_PACKAGES = ("pulumi", "pulumi.runtime", "pulumi.runtime.proto")
_SERVICE = "pulumirpc.LanguageRuntime"
# The engine's own limit, on both sides: configuration outgrows gRPC's default of 4 MB.
_MESSAGE_LIMIT = 400 * 1024 * 1024
# A running program or plugin keeps its thread, so there must be more than anyone has policy packs. Started on demand.
_THREADS = 64


def _empty_packages() -> None:
    found = importlib.util.find_spec("pulumi")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("the Pulumi SDK is not installed in the language host's environment")
    top = Path(found.submodule_search_locations[0])
    for name in _PACKAGES:
        package = ModuleType(name)
        package.__path__ = [str(top.joinpath(*name.split(".")[1:]))]
        sys.modules[name] = package


if not TYPE_CHECKING and "pulumi" not in sys.modules:
    _empty_packages()

# Only now, which is the point of this module.
from pulumi.runtime.proto import language_pb2 as messages  # noqa: E402
from pulumi.runtime.proto import plugin_pb2 as plugins  # noqa: E402

__all__ = ["Call", "Empty", "Handlers", "messages", "options_of", "plugins", "refuse"]


class Call(Protocol):
    """What the handlers use of gRPC's context of a call."""

    def add_callback(self, callback: Callable[[], None]) -> bool:
        """Call it when the call has ended, for whatever reason; False when it has already."""
        ...

    def abort(self, code: grpc.StatusCode, details: str) -> NoReturn:
        """End the call with an error."""
        ...


Request = TypeVar("Request", bound=Message)


class Handlers:
    """The calls that are served. The others are answered as unimplemented, which the engine takes as such."""

    def __init__(self) -> None:
        self._table: dict[str, grpc.RpcMethodHandler[Message, Message]] = {}

    def answer(self, name: str, request: type[Request], handler: Callable[[Request, Call], Message]) -> None:
        """Serve `name` with one answer."""
        self._table[name] = cast(
            "grpc.RpcMethodHandler[Message, Message]",
            grpc.unary_unary_rpc_method_handler(
                cast("Callable[[Request, grpc.ServicerContext], Message]", handler),
                request_deserializer=request.FromString,
                response_serializer=_serialize,
            ),
        )

    def stream(self, name: str, request: type[Request], handler: Callable[[Request, Call], Iterator[Message]]) -> None:
        """Serve `name` with answers as they come."""
        self._table[name] = cast(
            "grpc.RpcMethodHandler[Message, Message]",
            grpc.unary_stream_rpc_method_handler(
                cast("Callable[[Request, grpc.ServicerContext], Iterator[Message]]", handler),
                request_deserializer=request.FromString,
                response_serializer=_serialize,
            ),
        )

    def serve(self) -> int:
        """Start serving on a loopback port, and return it. It lasts as long as this object."""
        limits = [("grpc.max_receive_message_length", _MESSAGE_LIMIT), ("grpc.max_send_message_length", _MESSAGE_LIMIT)]
        self._server = grpc.server(futures.ThreadPoolExecutor(_THREADS, thread_name_prefix="call"), options=limits)
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(_SERVICE, self._table),))
        port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()
        return port


def refuse(call: Call, problem: Exception) -> NoReturn:
    """End `call`, which was in order in itself, for a reason that the user can do something about."""
    call.abort(grpc.StatusCode.FAILED_PRECONDITION, str(problem))


def options_of(info: messages.ProgramInfo) -> dict[str, object]:
    """`runtime.options` of Pulumi.yaml or PulumiPolicy.yaml."""
    return cast("dict[str, object]", MessageToDict(info.options))


def _serialize(message: Message) -> bytes:
    return message.SerializeToString()
