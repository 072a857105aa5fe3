# Each target calls one program, which could be called without make: `python3 -m tools --help`.
PYTHON ?= python3
STACK ?= local

.PHONY: up preview status down check test bench lock docs
up preview status down:
	@$(PYTHON) -m tools $@ $(STACK)

check test bench lock docs:
	@$(PYTHON) -m tools $@
