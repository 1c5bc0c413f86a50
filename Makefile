# Everything here works straight after `git clone`: targets make the virtualenv and fetch what they need.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash
STACK ?= dev
PYTHON ?= python3
BIN := .venv/bin
REQUIREMENTS := requirements.txt requirements-offline.txt requirements-dev.txt
INSTALLED := .venv/.installed
RENDERED ?= build/$(STACK)
# Files in the order that tests/conftest.py gives them, and not those of most tests first.
IN_PARALLEL := --numprocesses 2 --dist loadfile --no-loadscope-reorder
# Of a local cluster: NODES=real is REAL_NODES nodes whose containers run, NODES=simulated is none.
NODES ?=
REAL_NODES ?= 3
REAL_NODES_OPTION := $(if $(filter real,$(NODES)),--real-nodes $(REAL_NODES),$(if $(filter simulated,$(NODES)),--real-nodes 0,))

.PHONY: help doctor offline cluster cluster-stop cluster-delete spark preview render destroy bootstrap programs test drill mutate verify verify-cluster verify-spark verify-images verify-event-logs verify-logging lint schema docs site site-serve facts lock diff changelog release upgrade-notes picture screenshot archive reachability bench clean

help:  ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

# Wheels alone: pip would install what builds another package without looking at a checksum.
$(INSTALLED): $(REQUIREMENTS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Moka needs Python 3.11 or newer; set PYTHON=python3.11")'
	@test -x $(BIN)/python || { echo "Making the virtualenv .venv"; $(PYTHON) -m venv .venv; }
	@echo "Installing pinned requirements into .venv (about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: $(addprefix -r ,$(REQUIREMENTS))
	@touch $@

doctor: $(INSTALLED)  ## Check this machine and the AWS account of STACK before its first `pulumi up`; changes nothing
	@$(BIN)/python -m doctor $(STACK)

offline: $(INSTALLED)  ## Bring STACK (dev) up on the real Pulumi engine, without an AWS account
	@$(BIN)/python -m offline up $(STACK)

cluster: $(INSTALLED)  ## Bring STACK up with a real Kubernetes here; NODES=real runs containers too, as root
	@$(BIN)/python -m offline up $(STACK) --cluster $(REAL_NODES_OPTION)

spark: $(INSTALLED)  ## Run a Spark application in STACK's cluster on this machine, end to end; as root
	@$(BIN)/python -m local_cluster spark $(STACK) $(REAL_NODES_OPTION)

cluster-stop: $(INSTALLED)  ## End the cluster of STACK; `make cluster` goes on from there
	@$(BIN)/python -m local_cluster stop $(STACK)

cluster-delete: $(INSTALLED)  ## End the cluster of STACK, and delete what it stores
	@$(BIN)/python -m local_cluster delete $(STACK)

preview: $(INSTALLED)  ## Show what a change would do to STACK, offline
	@$(BIN)/python -m offline preview $(STACK)

render: $(INSTALLED)  ## Write STACK's manifests, policies and template to build/STACK
	@$(BIN)/python -m offline render $(STACK) --out $(RENDERED)

destroy: $(INSTALLED)  ## Take STACK down, offline
	@$(BIN)/python -m offline destroy $(STACK)

bootstrap: $(INSTALLED)  ## Bring up what STACK's account has before it: state, its key, roles of pipelines; offline
	@$(BIN)/python -m offline up $(STACK) --project bootstrap

programs: $(INSTALLED)  ## Make every program that clusters and tests need; what is built together compiles less
	@$(BIN)/python -m local_cluster.programs --images > /dev/null
	@$(BIN)/python -m offline.tools
	@$(BIN)/python -m tests.programs

test: $(INSTALLED)  ## Run every test; builds the tools first where none are found
	@$(BIN)/python -m offline.tools
	@$(BIN)/python -m tests.programs prometheus alertmanager actionlint kube-score checkov
	@$(BIN)/python -m pytest $(IN_PARALLEL)

verify: $(INSTALLED)  ## Run the real collector, Prometheus, Alertmanager, Log4j and Spark; needs a JDK, builds a collector
	@$(BIN)/python -m tests.programs
	@$(BIN)/python -m pytest -m verify $(IN_PARALLEL) tests/telemetry tests/live_ui tests/site tests/components/spark tests/images tests/examples

verify-cluster: $(INSTALLED)  ## Drill the four stacks on a real control plane; builds its programs first
	@$(BIN)/python -m local_cluster.programs --images > /dev/null
	@$(BIN)/python -m offline.tools
	@$(BIN)/python -m pytest -m cluster $(subst loadfile,loadgroup,$(IN_PARALLEL)) tests/local_cluster tests/operations

verify-spark: $(INSTALLED)  ## Drill queues and elastic capacity with the real YuniKorn and Karpenter; builds both first
	@$(BIN)/python -m local_cluster.programs > /dev/null
	@$(BIN)/python -m local_cluster.controllers
	@$(BIN)/python -m offline.tools
	@$(BIN)/python -m pytest -m spark tests/local_cluster/spark_drills

verify-images: $(INSTALLED)  ## Build the project's own images, run Spark in them, sign and promote them; as root
	@$(BIN)/python -m tests.images.programs > /dev/null
	@$(BIN)/python -m pytest -m images tests/images

drill: $(INSTALLED)  ## Change every setting of an environment that is up, both ways, on the real engine
	@$(BIN)/python -m offline.tools
	@$(BIN)/python -m pytest -m drill --numprocesses 2 --dist load tests/drill

mutate: $(INSTALLED)  ## Take each control of docs/security.md out of the program, and show which test misses it
	@$(BIN)/python -m offline.tools
	@$(BIN)/python -m tests.mutations

verify-logging: $(INSTALLED)  ## Count lines in and out of the real FLUENT_BIT through outages and kill -9; needs root
	@test -n "$(FLUENT_BIT)" || { echo "FLUENT_BIT is not set: name a fluent-bit program; docs/logs-pipeline.md says which"; exit 1; }
	@$(BIN)/python -m tests.logging $(FLUENT_BIT) $(if $(FLUENT_BIT_ROOT),--root $(FLUENT_BIT_ROOT))

verify-event-logs: $(INSTALLED)  ## Kill the drivers of the Spark in SPARK_HOME, join their logs, show them by the one in HISTORY_HOME
	@test -n "$(SPARK_HOME)" || { echo "SPARK_HOME is not set: name a Spark 4.1 with the jars of images/spark"; exit 1; }
	@test -n "$(HISTORY_HOME)" || { echo "HISTORY_HOME is not set: name the Spark of the History Server, with its jars"; exit 1; }
	@$(BIN)/python -m tests.event_logs $(SPARK_HOME) $(HISTORY_HOME)

lint: $(INSTALLED)  ## Check format, rules, types and generated files
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/pyright --warnings
	@$(BIN)/python -m components.stack_schema | diff - stacks/schema.json || { echo "stacks/schema.json is old: run make schema"; exit 1; }

schema: $(INSTALLED)  ## Write the JSON Schema of the stack files
	@$(BIN)/python -m components.stack_schema > stacks/schema.json

docs: $(INSTALLED)  ## Write the tables of the documentation anew
	@$(BIN)/python -m components.monitoring.alert_table docs/alerts.md
	@$(BIN)/python -m components.monitoring.cost_table docs/metrics-cost.md
	@$(BIN)/python -m components.settings_reference docs/settings.md
	@$(BIN)/python -m components.stack_values docs/stack-settings.md
	@$(BIN)/python -m components.rules.growth docs/capacity.md
	@$(BIN)/python -m components.identity.wildcard_table docs/security-identity.md
	@$(BIN)/python -m policies.controls docs/security.md
	@$(BIN)/python -m tests.stacks.linters.table docs/linters.md
	@$(BIN)/python -m doctor.page docs/doctor.md

site: $(INSTALLED)  ## Build the documentation's site in build/site; a broken link or anchor ends it
	@$(BIN)/python -m tools.site build

site-serve: $(INSTALLED)  ## Build the documentation's site and show it on this machine
	@$(BIN)/python -m tools.site serve

facts: $(INSTALLED)  ## Write the tables of EC2 instance types and prices anew, from what moto and Karpenter carry
	@$(BIN)/python -m tools.instance_types
	@$(BIN)/python -m tools.ec2_prices

lock: $(INSTALLED)  ## Compile requirements*.in into pinned files with hashes
	@for name in $(REQUIREMENTS:.txt=) requirements-go policies/requirements tools/checkov/requirements tools/site/requirements; do \
	  options="--allow-unsafe --generate-hashes --no-emit-index-url --output-file=$$name.txt --strip-extras"; \
	  CUSTOM_COMPILE_COMMAND="pip-compile $$options $$name.in" \
	    $(BIN)/pip-compile --quiet $$options --no-emit-trusted-host --no-emit-find-links $$name.in || exit 1; done

diff: $(INSTALLED)  ## Show what this checkout would do to every stack that BASE, a git revision, has deployed; offline
	@test -n "$(BASE)" || { echo "BASE is not set: name what is deployed, such as BASE=origin/main"; exit 1; }
	@$(BIN)/python -m offline diff "$(BASE)"

picture: $(INSTALLED)  ## Draw the resources of STACK into README.md, and production's network, cluster and data into docs/
	@$(BIN)/python -m offline picture $(STACK) --into README.md
	@$(BIN)/python -m offline drawings production --into docs/pictures

screenshot: $(INSTALLED)  ## Draw what `make offline` shows into docs/pictures/terminal.svg
	@$(BIN)/python -m offline screenshot dev --into docs/pictures/terminal.svg

changelog: $(INSTALLED)  ## Show what the next release would add to CHANGELOG.md
	@$(BIN)/python -m releases changelog

release: $(INSTALLED)  ## Write CHANGELOG.md and the version for VERSION, such as 1.2.3; commits, tags and pushes nothing
	@test -n "$(VERSION)" || { echo "VERSION is not set: name the release, such as VERSION=1.2.3; make changelog shows the next"; exit 1; }
	@$(BIN)/python -m releases release "$(VERSION)"

upgrade-notes: $(INSTALLED)  ## Say how environments follow from release FROM to TO, such as v1.0.0 and v1.1.0; offline
	@test -n "$(FROM)" -a -n "$(TO)" || { echo "FROM and TO are not set: name the tags of two releases, such as FROM=v1.0.0 TO=v1.1.0"; exit 1; }
	@$(BIN)/python -m releases upgrade-notes "$(FROM)" "$(TO)" $(if $(HEAD),--head "$(HEAD)")

archive:  ## Write the sources of the tag VERSION to build/archive: the same bytes on every machine
	@.ci/archive "$(VERSION)"

reachability: $(INSTALLED)  ## Write who may connect to whom in dev into docs/reachability.md
	@$(BIN)/python -m offline reachability dev --into docs/reachability.md

bench: $(INSTALLED)  ## Measure judges, a cluster, its schedulers and, with FLUENT_BIT, the log agent, as ratios of one run
	@$(BIN)/python -m tests.bench

clean:  ## Remove the virtualenv, offline state and caches of this checkout
	@rm -rf .venv .offline bootstrap/.offline build .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
