"""files/lines.lua in a real Lua, called as Fluent Bit calls it.

Fluent Bit runs LuaJIT, whose language is that of Lua 5.1. Source: Fluent Bit manual, "Lua", callback prototype.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from lupa import lua51

from components.logs.fluent_bit import FILES

Record = dict[str, Any]


def container_line(tag: str, record: Mapping[str, Any]) -> dict[str, bytes]:
    """What the script makes of a record.

    Args:
        tag: the record's.
        record: as the processors ahead of it leave it, with its text as bytes.
    """
    lua = _runtime()
    code, _, changed = lua.globals()[b"container_line"](tag.encode(), 0.0, _table(lua, record))
    assert code == 2, "the record is changed, and its time is not"
    return {key.decode(): value for key, value in changed.items()}


@cache
def _runtime() -> Any:
    """The script, loaded; it keeps nothing between two lines."""
    # Its types know text alone; lines are bytes.
    runtime: Any = lua51.LuaRuntime
    lua = runtime(encoding=None)
    lua.execute((FILES / "lines.lua").read_bytes())
    return lua


def described(labels: Mapping[str, str] | None, uid: str) -> Record:
    """What the kubernetes processor adds for a pod: no labels where it has none, no id where nothing could be read."""
    if labels is None:
        return {"kubernetes": {"pod_name": "from-the-tag"}}
    return {"kubernetes": {"pod_name": "a-pod", "pod_id": uid, **({"labels": labels} if labels else {})}}


def _table(lua: Any, value: Any) -> Any:
    if isinstance(value, Mapping):
        return lua.table_from({key.encode(): _table(lua, each) for key, each in value.items()})
    return value.encode() if isinstance(value, str) else value
