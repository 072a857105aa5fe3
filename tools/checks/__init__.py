"""The commands around the checks: what `make check`, `make test`, `make bench`, `make lock` and `make docs` run."""
