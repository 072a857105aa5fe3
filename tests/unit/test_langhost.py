"""The language host over its own protocol: a real process, real gRPC on loopback, no engine."""

import json
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import grpc
import pytest
from google.protobuf import json_format
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import language_pb2 as messages
from pulumi.runtime.proto.plugin_pb2 import PluginInfo

from tests.unit.langhost_engine import Host, runner_on_path


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    runner_on_path(tmp_path / "runner", monkeypatch)
    with Host(tmp_path) as started:
        yield started


def program(host: Host, text: str, **options: str) -> messages.ProgramInfo:
    (host.project / "__main__.py").write_text(text, encoding="utf-8")
    struct = Struct()
    struct.update(options)
    folder = str(host.project)
    return messages.ProgramInfo(root_directory=folder, program_directory=folder, entry_point=".", options=struct)


def run(host: Host, text: str, more: messages.RunRequest | None = None) -> messages.RunResponse:
    request = messages.RunRequest(
        info=program(host, text), project="p", stack="s", pwd=str(host.project), parallel=7, monitor_address="monitor:1"
    )
    if more is not None:
        request.MergeFrom(more)
    return host.client.ask("Run", request, messages.RunResponse)


def test_the_handshake_is_answered_and_the_version_is_the_sdks(host: Host) -> None:
    request = messages.LanguageHandshakeRequest(engine_address="engine:1")
    assert host.client.ask("Handshake", request, messages.LanguageHandshakeResponse) is not None
    assert host.client.ask("GetPluginInfo", Empty(), PluginInfo).version == "3.259.0"


def test_the_installed_provider_packages_are_required_and_only_those(host: Host) -> None:
    asked = messages.GetRequiredPackagesRequest(info=program(host, ""))
    answer = host.client.ask("GetRequiredPackages", asked, messages.GetRequiredPackagesResponse)
    found = cast("dict[str, object]", json_format.MessageToDict(answer))["packages"]
    expected = [{"name": "kubernetes", "version": "4.25.0", "kind": "resource"}]
    assert found == expected, "pulumi_policy has a plugin file too, but no plugin"


def test_the_dependencies_without_the_transitive_ones_are_those_that_nothing_asks_for(host: Host) -> None:
    def names(*, transitive: bool) -> set[str]:
        asked = messages.GetProgramDependenciesRequest(info=program(host, ""), transitiveDependencies=transitive)
        answer = host.client.ask("GetProgramDependencies", asked, messages.GetProgramDependenciesResponse)
        return {one.name for one in answer.dependencies}

    assert {"pulumi", "pulumi-kubernetes", "grpcio"} <= names(transitive=True)
    assert "grpcio" not in names(transitive=False), "pulumi asks for it"
    assert "pulumi-kubernetes" in names(transitive=False)


def about(host: Host, **options: str) -> messages.AboutResponse:
    return host.client.ask("About", messages.AboutRequest(info=program(host, "", **options)), messages.AboutResponse)


def test_about_names_the_interpreter(host: Host) -> None:
    assert (about(host).executable, about(host).version) == (sys.executable, platform.python_version())


def test_installing_and_prompts_leave_the_environment_to_make(host: Host) -> None:
    install = messages.InstallDependenciesRequest(info=program(host, ""))
    said = host.client.stream("InstallDependencies", install, messages.InstallDependenciesResponse)
    assert b"make" in b"".join(one.stdout for one in said)
    prompts = messages.RuntimeOptionsRequest(info=program(host, ""))
    assert not host.client.ask("RuntimeOptionsPrompts", prompts, messages.RuntimeOptionsResponse).prompts


def test_what_is_not_served_says_so_which_the_engine_takes_as_an_answer(host: Host) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        host.client.ask("Template", messages.TemplateRequest(info=program(host, "")), messages.TemplateResponse)
    assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_a_program_gets_everything_that_the_engine_says_about_the_run(host: Host) -> None:
    said = messages.RunRequest(
        args=["one", "two"],
        config={"p:size": "3", "p:password": "hidden"},
        configSecretKeys=["p:password"],
        dryRun=True,
        organization="acme",
    )
    answer = run(host, "", said)
    assert (answer.error, answer.bail) == ("", False)
    seen = json.loads((host.project / "seen.json").read_text(encoding="utf-8"))
    assert seen["flags"] == {
        "monitor": "monitor:1",
        "engine": "engine:0",
        "project": "p",
        "root_directory": str(host.project),
        "stack": "s",
        "pwd": str(host.project),
        "dry_run": "true",
        "parallel": "7",
        "organization": "acme",
    }
    assert seen["program"] == [".", "one", "two"]
    assert json.loads(seen["config"]) == {"p:size": "3", "p:password": "hidden"}
    assert json.loads(seen["secrets"]) == ["p:password"]


def test_nothing_of_the_hosts_own_folder_can_be_imported_by_a_program(host: Host) -> None:
    answer = run(host, "import importlib.util as u, sys; sys.exit(3 if u.find_spec('guard') else 0)")
    assert answer.error == ""


def test_what_a_program_prints_reaches_the_engine_while_it_runs(host: Host) -> None:
    run(host, "import sys; print('to out'); print('to err', file=sys.stderr)")
    out, err = host.close()
    assert (out, err) == ("to out\n", "to err\n")


@pytest.mark.parametrize(
    ("text", "error", "bail"),
    [
        ("raise SystemExit(3)", "program exited with non-zero exit code: 3", False),
        ("raise SystemExit(32)", "", True),
        ("import os; os.kill(os.getpid(), 9)", "program was ended by SIGKILL", False),
    ],
)
def test_a_program_that_fails_is_reported_unless_it_has_said_why(
    host: Host, text: str, error: str, *, bail: bool
) -> None:
    answer = run(host, text)
    assert (answer.error, answer.bail) == (error, bail)


def test_the_virtualenv_option_chooses_the_interpreter(host: Host) -> None:
    (host.project / "env" / "bin").mkdir(parents=True)
    (host.project / "env" / "bin" / "python").symlink_to(sys.executable)
    assert about(host, virtualenv="env").executable == str(host.project / "env" / "bin" / "python")


def test_a_virtualenv_that_is_not_there_is_refused_by_name(host: Host) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        host.client.ask("Run", messages.RunRequest(info=program(host, "", virtualenv="nowhere")), messages.RunResponse)
    assert "'nowhere'" in str(refused.value.details())
    assert "make" in str(refused.value.details()), "the message names the remedy"


def test_a_plugins_output_comes_in_pieces_and_its_exit_code_last(host: Host) -> None:
    text = "import os, sys; print(os.environ['ASKED'], sys.argv[1]); print('oops', file=sys.stderr); sys.exit(4)"
    asked = messages.RunPluginRequest(
        info=program(host, text), kind="resource", args=["argument"], env=["ASKED=yes"], pwd=str(host.project)
    )
    pieces = list(host.client.stream("RunPlugin", asked, messages.RunPluginResponse))
    assert b"".join(one.stdout for one in pieces) == b"yes argument\n"
    assert b"".join(one.stderr for one in pieces) == b"oops\n"
    assert pieces[-1].WhichOneof("output") == "exitcode"
    assert pieces[-1].exitcode == 4


def test_a_policy_pack_serves_until_its_call_is_ended(host: Host) -> None:
    pack = (
        "from pulumi_policy import PolicyPack, StackValidationPolicy\n"
        "PolicyPack('p', policies=[StackValidationPolicy('s', 'nothing', lambda args, report: None)])\n"
    )
    (host.project / "PulumiPolicy.yaml").write_text("runtime: python\nversion: 0.0.1\n", encoding="utf-8")
    asked = messages.RunPluginRequest(
        info=program(host, pack), kind="analyzer", args=["127.0.0.1:1"], pwd=str(host.project)
    )
    call = host.client.stream("RunPlugin", asked, messages.RunPluginResponse)
    port = next(call).stdout
    assert port.strip().isdigit(), "a policy pack announces its port"
    assert len(host.descendants()) == 1
    call.cancel()
    host.wait_for_no_descendants(seconds=2)
