"""Have an ONNX model hand out one of its inner tensors too, without the package `onnx`.

A model is a protobuf message. Messages written one after another merge, so that an output is added
by appending a few bytes; only the tensor's name has to be found. Field numbers: onnx.proto
(ModelProto.graph 7; GraphProto.node 1, output 12; NodeProto.output 2, op_type 4;
ValueInfoProto.name 1).
"""

from __future__ import annotations

from collections.abc import Iterator

_GRAPH, _NODE, _GRAPH_OUTPUT, _NODE_OUTPUT, _OP_TYPE, _NAME = 7, 1, 12, 2, 4, 1
_LENGTH_DELIMITED = 2


def with_output_of(model: bytes, op_type: str) -> bytes:
    """`model` with the output of its only node of type `op_type` as a last output.

    Raises ValueError where there is none or more than one, or the bytes are no model.
    """
    view = memoryview(model)
    names = [
        name
        for number, graph in _fields(view)
        if number == _GRAPH
        for kind, node in _fields(graph)
        if kind == _NODE and _text(node, _OP_TYPE) == op_type
        for name in [_text(node, _NODE_OUTPUT)]
    ]
    if len(names) != 1:
        raise ValueError(f"{len(names)} nodes of type {op_type}")
    output = _field(_GRAPH_OUTPUT, _field(_NAME, names[0].encode()))
    return b"".join((model, _field(_GRAPH, output)))


def _text(message: memoryview, wanted: int) -> str:
    return next((str(v, "utf-8") for number, v in _fields(message) if number == wanted), "")


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview]]:
    """The fields of a message that have a length; numbers are skipped."""
    at = 0
    try:
        while at < len(message):
            key, at = _varint(message, at)
            kind = key & 7
            if kind == _LENGTH_DELIMITED:
                size, at = _varint(message, at)
                if at + size > len(message):
                    raise ValueError("a field is cut short")
                yield key >> 3, message[at : at + size]
                at += size
            elif kind == 0:
                _, at = _varint(message, at)
            else:
                at += {1: 8, 5: 4}[kind]
    except (IndexError, KeyError) as error:
        raise ValueError("not a protobuf message") from error


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def _field(number: int, content: bytes) -> bytes:
    return _as_varint(number << 3 | _LENGTH_DELIMITED) + _as_varint(len(content)) + content


def _as_varint(value: int) -> bytes:
    raw = bytearray()
    while value > 127:
        raw.append(value & 127 | 128)
        value >>= 7
    raw.append(value)
    return bytes(raw)
