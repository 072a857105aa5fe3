"""Splits an image reference into its parts. Owns the grammar, ports of registries included; judges nothing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Image:
    """The parts of `registry:port/path/name:tag@digest` that say which bits will run."""

    tag: str | None
    digest: str | None


def parse(reference: str) -> Image:
    """The tag and digest of a reference. A colon before the last slash belongs to a registry's port, not to a tag."""
    name, _, digest = reference.partition("@")
    _, _, tag = name.rpartition("/")[2].partition(":")
    return Image(tag=tag or None, digest=digest or None)
