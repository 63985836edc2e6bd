# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Every command needs python3 and git, and sets up the rest by itself (see tests/tools/).
PYTHON ?= python3
TOOLS = $(PYTHON) -m tests.tools
STEPS = lint sanity units conformance gates faults playbooks others integration

.DEFAULT_GOAL = help
.PHONY: help demo test test-slow test-matrix browser clean soak $(STEPS)

help:            ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16
	@echo "single steps of test: $(STEPS)"

demo:            ## run the collection against a simulated cloud
	@$(TOOLS).demo

test:            ## run every check, on one version of ansible-core
	@$(TOOLS).check $(STEPS)

test-slow:       ## run the long scenarios: AWX, guides, provisioning, 200 projects, leaked secrets and others
	@$(TOOLS).check slow

test-matrix:     ## run sanity, units and integration on the oldest and the newest ansible-core
	@$(TOOLS).matrix $(if $(AFTER_TEST),--after-test)

$(STEPS):
	@$(TOOLS).check $@

soak:            ## try 20 times as many random faults as make test does, and others each time
	@$(TOOLS).check $@

browser:         ## install the browser that the tests look at reports with (make test does so, too)
	@$(TOOLS).browser

clean:           ## remove what the other commands made
	rm -rf .venv .venv-* .work .ansible .ruff_cache tests/output
