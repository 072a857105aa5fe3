"""`python -m tests.upgrade.restore FILE`: make an export the state of this checkout's stack `local`.

For a copy of the checkout (`tests.lab.checkout`): what the stack's state was before is lost. The export holds no
encryption, so it gets that of the stack.
"""

import json
import sys
import tempfile
from pathlib import Path

import yaml

from tools.stack.session import open_session


def main(file: Path) -> None:
    """Import one export."""
    session = open_session("local")
    session.engine.select()
    salt = yaml.safe_load(session.workspace.config_file.read_text())["encryptionsalt"]
    export = json.loads(file.read_text())
    export["deployment"]["secrets_providers"] = {"type": "passphrase", "state": {"salt": salt}}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as readable:
        json.dump(export, readable)
        readable.flush()
        session.engine.output("stack", "import", "--file", readable.name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
