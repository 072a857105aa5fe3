"""Reading properties: absent, unknown and a value stay apart, through the SDK's own wrappers."""

from policies.frame.reading import UNKNOWN, Node
from policies.workloads.images import Image, parse
from tests.policies import harness


def _node() -> Node:
    props = {"a": {"b": 1, "gone": None, "later": harness.UNKNOWN}, "list": [1, harness.UNKNOWN], "none": [], "obj": {}}
    return Node(harness.wrap(props))


def test_a_value_is_read_with_its_path() -> None:
    assert _node().at("a", "b") == Node(1.0, "a.b"), "numbers arrive as floats"
    assert _node().at("a", "kueue.x-k8s.io/queue-name").path == 'a["kueue.x-k8s.io/queue-name"]'


def test_null_and_what_is_not_there_are_absent() -> None:
    assert _node().at("a", "gone").absent
    assert _node().at("x", "y").absent
    assert _node().at("a", "b", "c").absent, "there is nothing below a number"


def test_what_lies_below_an_unknown_is_unknown_and_names_it() -> None:
    below = _node().at("a", "later", "deeper")
    assert below.value is UNKNOWN
    assert below.path == "a.later"
    assert not below.absent
    assert not below.empty


def test_a_list_with_an_unknown_element_keeps_the_others() -> None:
    assert [item.unknown for item in _node().at("list").items()] == [False, True]


def test_an_unknown_list_is_not_an_empty_one() -> None:
    assert [item.unknown for item in _node().at("a", "later").items()] == [True]


def test_names_of_fields_are_read_without_their_values() -> None:
    assert [(name, node.unknown) for name, node in _node().at("a").fields()] == [
        ("b", False),
        ("gone", False),
        ("later", True),
    ]


def test_empty_lists_objects_and_nothing_are_empty() -> None:
    assert all(_node().at(key).empty for key in ("none", "obj", "nothing"))
    assert not _node().at("list").empty


def test_an_image_is_split_at_its_tag_and_digest_not_at_a_port() -> None:
    assert parse("host:5000/img") == Image(tag=None, digest=None)
    assert parse("host:5000/img:1@sha256:ab") == Image(tag="1", digest="sha256:ab")
