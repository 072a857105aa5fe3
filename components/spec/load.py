"""From plain data to a ``Stack``, or to every problem at once.

Owns the walk over the sections: each pool and each tenant is validated by itself, so that one bad entry hides no other,
and the rules between sections run on what is good. Does not own the rules (``model``, ``checks``).
"""

from collections.abc import Mapping
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from components.spec import checks
from components.spec.locate import locate
from components.spec.model import Cluster, Environment, Examples, Pool, Stack, Tenant
from components.spec.problems import Path, Place, Problem, SpecError, near_match, shown, unknown_value

SECTIONS = tuple(Stack.model_fields)
_REQUIRED = tuple(name for name, info in Stack.model_fields.items() if info.is_required())
_TYPES: Mapping[str, Any] = {
    "environment": Environment,
    "cluster": Cluster,
    "pools": Pool,
    "tenants": Tenant,
    "examples": Examples,
}
_KEYED = ("pools", "tenants")
_ADAPTERS = {section: TypeAdapter[Any](annotation) for section, annotation in _TYPES.items()}


def load(raw: Mapping[str, object], place: Place) -> Stack:
    """Validate merged sections. ``place`` tells where a path stands. Raises SpecError with every problem."""
    problems = [
        Problem(place=place((section,)), path=(section,), message="section is missing")
        for section in _REQUIRED
        if section not in raw
    ]
    good: dict[str, Any] = {}
    for section, value in raw.items():
        if section not in SECTIONS:
            problems.append(_unknown((section,), SECTIONS, place, "section"))
        elif section in _KEYED:
            good[section] = _entries(section, value, place, problems)
        else:
            result = _validated(section, value, (section,), place, problems)
            if result is not None:
                good[section] = result
    problems += checks.between_sections(raw, good, place)
    if problems:
        raise SpecError(problems)
    # Every part is valid by now; the whole is only put together.
    return Stack.model_construct(None, **good)


def _entries(section: str, value: object, place: Place, problems: list[Problem]) -> dict[str, object]:
    """Validate each entry of a section that is keyed by name; return the good ones."""
    path: Path = (section,)
    if not isinstance(value, dict):
        problems.append(
            Problem(place=place(path), path=path, message=f"{shown(value)} stands here", permitted="names with values")
        )
        return {}
    entries = cast("dict[str, object]", value)
    if section in _REQUIRED and not entries:
        problems.append(Problem(place=place(path), path=path, message="is empty; at least one entry is needed"))
    good: dict[str, object] = {}
    for name, entry in entries.items():
        path = (section, name)
        if not checks.is_name(name):
            problems.append(_not_a_name(path, name, place))
        result = _validated(section, entry, path, place, problems)
        if result is not None:
            good[name] = result
    return good


def _validated(section: str, value: object, path: Path, place: Place, problems: list[Problem]) -> object:
    try:
        return _ADAPTERS[section].validate_python(value)
    except ValidationError as error:
        found = [_problem(details, section, path, place) for details in error.errors(include_url=False)]
        # A misspelt required field is one mistake: the unknown word says what was meant, "is missing" would repeat it.
        meant = {(*problem.path[:-1], problem.near) for problem in found if problem.near}
        problems += [problem for problem in found if not (problem.message == "is missing" and problem.path in meant)]
        return None


def _problem(details: ErrorDetails, section: str, base: Path, place: Place) -> Problem:
    """Say a pydantic error in our words."""
    below, beside = locate(_TYPES[section], details["loc"])
    path: Path = (*base, *below)
    kind, context, given = details["type"], details.get("ctx", {}), details["input"]
    if kind == "extra_forbidden":
        return _unknown(path, beside, place, "field")
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        path = (*path, context["discriminator"].strip("'"))
    if kind in ("missing", "union_tag_not_found"):
        return Problem(place=place(path), path=path, message="is missing")
    if kind in ("literal_error", "union_tag_invalid"):
        permitted = context.get("expected") or context["expected_tags"]
        words = [word.strip("' ") for word in permitted.replace(" or ", ",").split(",")]
        return unknown_value(path, context.get("tag", given), words, place)
    if kind == "string_pattern_mismatch":
        return _not_a_name(path, given, place)
    if kind in ("model_type", "model_attributes_type", "mapping_type"):
        return Problem(
            place=place(path), path=path, message=f"{shown(given)} stands here", permitted="fields with values"
        )
    permitted = details["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return Problem(place=place(path), path=path, message=f"{shown(given)} is not valid", permitted=permitted)


def _not_a_name(path: Path, given: object, place: Place) -> Problem:
    message = f"{shown(given)} can't be a name"
    return Problem(place=place(path), path=path, message=message, permitted=checks.NAME_RULE)


def _unknown(path: Path, permitted: tuple[str, ...], place: Place, what: str) -> Problem:
    word = str(path[-1])
    near = near_match(word, permitted)
    return Problem(
        place=place(path), path=path, message=f"unknown {what} '{word}'", permitted=", ".join(permitted), near=near
    )
