"""What a developer's machine needs: pinned programs, the lab, and the commands around the Pulumi program."""
