"""From where pydantic says an error is to where it is in the stack file.

Owns reading the model's types alongside an error's location: pydantic adds a step for the arm of a union that it
took, and for a mapping's key; neither is in the file. Does not own messages.
"""

from collections.abc import Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag

from components.spec.problems import Path


def locate(annotation: Any, location: Path) -> tuple[Path, tuple[str, ...]]:
    """Return the path in the file, and the fields permitted beside its last step (empty where names are free)."""
    path: list[str | int] = []
    beside: tuple[str, ...] = ()
    steps = list(location)
    while steps:
        annotation = _plain(annotation)
        step = steps.pop(0)
        if step == "[key]":
            break
        arms = _arms(annotation)
        if arms:
            annotation = arms.get(str(step))
            continue
        path.append(step)
        annotation, beside = _below(annotation, step)
    return tuple(path), beside


def _below(annotation: Any, step: str | int) -> tuple[Any, tuple[str, ...]]:
    """Return the type at ``step`` below a plain type, and the fields permitted beside it."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = annotation.model_fields
        field = fields.get(str(step))
        return (field.rebuild_annotation() if field else None), tuple(fields)
    arguments = get_args(annotation)
    if not arguments:
        return None, ()
    return arguments[1] if get_origin(annotation) in (Mapping, dict) else arguments[0], ()


def _plain(annotation: Any) -> Any:
    """Strip what does not change the shape: Annotated, and None as the other arm."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
            continue
        if get_origin(annotation) in (Union, UnionType):
            arms = [arm for arm in get_args(annotation) if arm is not NoneType]
            if len(arms) == 1:
                annotation = arms[0]
                continue
        return annotation


def _arms(annotation: Any) -> dict[str, Any]:
    """Return a tagged union's arms by the step that pydantic writes for them; empty for any other type."""
    if get_origin(annotation) not in (Union, UnionType):
        return {}
    arms: dict[str, Any] = {}
    for arm in get_args(annotation):
        tags = [item.tag for item in get_args(arm)[1:] if isinstance(item, Tag)]
        plain = _plain(arm)
        tags += [] if tags else get_args(plain.model_fields["backend"].annotation)
        arms |= dict.fromkeys(tags, plain)
    return arms
