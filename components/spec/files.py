"""A stack file of this repository, read and validated without the engine.

Owns which files make up a stack's specification and the keys they use. The tools call it before the engine starts: a
program that fails inside the engine has already written to the state.
"""

from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import cast

from components.spec.load import load
from components.spec.model import Stack
from components.spec.problems import Path, Problem, SpecError, near_match
from components.spec.source import Source, merged, read

PROJECT = "gpu-platform"
DEFAULTS = "defaults"
# Keys that Pulumi itself keeps in a stack file (pkg/workspace, ProjectStack).
_PULUMI_KEYS = ("config", "encryptionsalt", "encryptedkey", "secretsprovider", "environment")


def stack_names(root: FilePath) -> list[str]:
    """Return the stacks that have a file, sorted."""
    return sorted(
        file.name.removeprefix("Pulumi.").removesuffix(".yaml") for file in (root / "stacks").glob("Pulumi.*.yaml")
    )


def load_stack(root: FilePath, stack: str) -> Stack:
    """Read ``stacks/Pulumi.<stack>.yaml`` over the shared defaults of ``Pulumi.yaml``.

    Raises SpecError with every problem of both; the place of each is the file and line that it comes from.
    """
    name = f"stacks/Pulumi.{stack}.yaml"
    if not (root / name).is_file():
        known = stack_names(root)
        near = near_match(stack, known)
        raise SpecError(
            [Problem(place=name, path=(), message="there is no such file", permitted=", ".join(known), near=near)]
        )
    return load_files(root / name, name, root / "Pulumi.yaml")


def load_files(stack_file: FilePath, name: str, project_file: FilePath) -> Stack:
    """As ``load_stack``, for a stack file anywhere, called ``name`` in messages."""
    project, source = read(project_file, "Pulumi.yaml"), read(stack_file, name)
    defaults = _mapping(project.data, ("config", f"{PROJECT}:{DEFAULTS}", "value"))
    own, problems = _sections(source)

    def place(path: Path) -> str:
        """A value stands in the stack file, or else in the shared defaults."""
        in_stack, in_defaults = _in_stack(path), ("config", f"{PROJECT}:{DEFAULTS}", "value", *path)
        return (
            project.place(in_defaults)
            if project.has(in_defaults) and not source.has(in_stack)
            else source.place(in_stack)
        )

    try:
        stack = load(merged(defaults, own), place)
    except SpecError as error:
        problems += error.problems
    else:
        if not problems:
            return stack
    raise SpecError(sorted(problems, key=_by_place)) from None


def _in_stack(path: Path) -> Path:
    return ("config", f"{PROJECT}:{path[0]}", *path[1:]) if path else ()


def _by_place(problem: Problem) -> tuple[str, int]:
    file, _, line = problem.place.rpartition(":")
    return (file, int(line)) if line.isdigit() else (problem.place, 0)


def _sections(source: Source) -> tuple[dict[str, object], list[Problem]]:
    """Return the project's own sections of a stack file, and what else stands in it that has no effect."""
    problems: list[Problem] = []
    for key in source.data:
        if key not in _PULUMI_KEYS:
            near = near_match(key, _PULUMI_KEYS)
            message = f"unknown key '{key}'"
            problems.append(
                Problem(
                    place=source.place((key,)),
                    path=(key,),
                    message=message,
                    permitted=", ".join(_PULUMI_KEYS),
                    near=near,
                )
            )
    sections: dict[str, object] = {}
    for key, value in _mapping(source.data, ("config",)).items():
        namespace, _, section = key.rpartition(":")
        if namespace == PROJECT:
            sections[section] = value
        elif namespace != "pulumi":
            path = ("config", key)
            # Providers are explicit and pinned here, so `aws:region` would change nothing, and say otherwise.
            message = f"'{key}' is not read by this program"
            near = near_match(namespace, [PROJECT])
            problems.append(
                Problem(
                    place=source.place(path),
                    path=path,
                    message=message,
                    permitted=f"keys that begin with {PROJECT}:",
                    near=f"{near}:{section}" if near else None,
                )
            )
    return sections, problems


def _mapping(data: Mapping[str, object], path: tuple[str, ...]) -> Mapping[str, object]:
    value: object = data
    for step in path:
        value = cast("Mapping[str, object]", value).get(step) if isinstance(value, dict) else None
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}
