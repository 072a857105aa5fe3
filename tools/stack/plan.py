"""A preview, read from the engine's own event log.

Owns running it and telling whether anything would change, outputs included. Does not own applying it.
"""

import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.environment import ROOT
from tools.stack.engine import Engine

POLICIES = ("--policy-pack", str(ROOT / "policies"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """``code`` is the engine's exit code, ``text`` what it printed, ``changes`` counts by operation without `same`.

    ``broken`` names the mandatory rules that do not hold.
    """

    code: int
    text: str
    changes: Mapping[str, int]
    outputs_change: bool
    broken: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether applying it would do nothing."""
        return not self.changes and not self.outputs_change

    def explain(self) -> None:
        """Print the preview, and what to do about each broken rule: the engine shows that to Pulumi's cloud alone."""
        print(self.text)
        if self.broken:
            # Imported when needed: the policies' SDK costs half a second that most runs never pay.
            from policies.registry import RULES

            for rule in RULES:
                if rule.id in self.broken:
                    print(f"to do ({rule.id}): {rule.remediation}")


def preview(engine: Engine) -> Plan:
    """Preview the stack against the policies."""
    with tempfile.TemporaryDirectory() as folder:
        log, text = Path(folder) / "events.json", Path(folder) / "output"
        with text.open("w") as output:
            code = engine.work("preview", *POLICIES, "--event-log", str(log), output=output)
        events = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        return Plan(
            code=code,
            text=text.read_text(),
            changes=_changes(events),
            outputs_change=_outputs_change(events),
            broken=_broken(events),
        )


def _changes(events: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    summaries = [event["summaryEvent"]["resourceChanges"] for event in events if "summaryEvent" in event]
    return {kind: count for summary in summaries for kind, count in summary.items() if kind != "same" and count}


def _broken(events: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    said = [event["policyEvent"] for event in events if "policyEvent" in event]
    return tuple(dict.fromkeys(each["policyName"] for each in said if each["enforcementLevel"] == "mandatory"))


def _outputs_change(events: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the stack's own outputs would be others: the engine does not count them as a change."""
    for event in events:
        metadata = event.get("resOutputsEvent", {}).get("metadata", {})
        if metadata.get("type") == "pulumi:pulumi:Stack":
            return _outputs(metadata, "old") != _outputs(metadata, "new")
    return False


def _outputs(metadata: Mapping[str, Any], when: str) -> Mapping[str, Any] | None:
    state: Mapping[str, Any] | None = metadata.get(when)
    return state.get("outputs") if state else None
