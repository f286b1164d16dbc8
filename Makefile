# Every command of the project has its home here; .ci/run calls these targets in order. `make` alone lists them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Where go.mod files are: the root first, then bench/, tests/differential/ and whatever follows.
MODULES := $(shell find . -name go.mod -not -path '*/testdata/*' -not -path './.git/*' -exec dirname {} \; | sort)
NESTED := $(filter-out .,$(MODULES))

FUZZTIME ?= 240
BUDGET ?= 8
BENCH ?= .

# The linter is built by this Go into a cache outside the tree: about a minute, once per version of either.
GOLANGCI_VERSION := v2.15.0
TOOLS := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/memrel-tools
GOLANGCI := $(TOOLS)/golangci-lint-$(GOLANGCI_VERSION)-$(shell go env GOVERSION)/golangci-lint

# Mermaid's own parser, by npm into the same cache: it reads the diagrams in the tests.
MERMAID_VERSION := 12.3.0
MERMAID := $(TOOLS)/mermaid-$(MERMAID_VERSION)

# $(call each,MODULES,COMMAND) runs COMMAND in every module and stops at the first failure.
each = for m in $(1); do echo "-- $$m: $(strip $(2))"; (cd "$$m" && $(2)); done

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1\t\2/' | expand -t 18

.PHONY: test
test: ## Run the tests, as the README says
	go test ./...

# The examples that do something at once. The others are left out of the race detector: what one goroutine does shows it nothing, and to
# build them for it takes two fifths of the time.
RACING = $(shell grep -rlE --include='*.go' 't\.Parallel|^[[:space:]]+go |\.Go\b' examples | xargs dirname | sort -u | sed 's|^|./|')

.PHONY: race
race: ## Run the tests with the race detector
	GORACE=atexit_sleep_ms=100 go test -race -timeout 30m $$(go list ./... | grep -v /examples/) $(RACING)

.PHONY: budget
budget: ## Run the packages with random tests, with BUDGET (8) seconds for each of these; plain go test gives it a quarter of one
	MEMREL_BUDGET=$(BUDGET) go test -timeout 30m $$(go list -f '{{.TestImports}} {{.XTestImports}} {{.ImportPath}}' ./... | awk '/internal\/budget[] ]/ {print $$NF}')

.PHONY: modules
modules: ## Vet and test the nested modules (make pg CMD='make modules' gives them a PostgreSQL, make peers all that they ask for)
	@$(call each,$(NESTED),go vet ./... && go test -timeout 30m ./...)

.PHONY: peers
peers: $(MERMAID)/node_modules ## Test the nested modules with a PostgreSQL, a MariaDB and Mermaid's parser
	@MEMREL_MERMAID=$(MERMAID) bash .ci/postgres bash .ci/mariadb $(MAKE) -s modules

$(MERMAID)/node_modules:
	@echo "installing Mermaid $(MERMAID_VERSION) into $(MERMAID)"
	@rm -rf $(MERMAID).new && mkdir -p $(MERMAID).new && cd $(MERMAID).new && npm install --silent --no-audit --no-fund --ignore-scripts mermaid@$(MERMAID_VERSION)
	@rm -rf $(MERMAID) && mv $(MERMAID).new $(MERMAID)

.PHONY: bench
bench: ## Run the benchmarks against the peers (BENCH=regexp)
	@if [ -f bench/go.mod ]; then cd bench; fi; set -x; go test -run '^$$' -bench '$(BENCH)' -benchmem ./...

.PHONY: bench-compare
bench-compare: ## Compare the Go benchmarks with those of commit BASE, by benchstat (BENCH=regexp)
	@bash .ci/bench-compare '$(BASE)' '$(BENCH)'

.PHONY: bench-populate
bench-populate: ## Populate 1,000 records over two datastores, and the same FindAll in one, in turn ("times")
	go test -run '^$$' -bench BenchmarkPopulate -benchmem ./assoc/waterline

.PHONY: fuzz
fuzz: ## Run the fuzz targets for FUZZTIME seconds in all (240)
	@bash .ci/fuzz $(FUZZTIME)

.PHONY: examples
examples: ## Run every program under examples/
	@for d in $$(find examples -name main.go -exec dirname {} \; 2>/dev/null | sort); do \
		echo "-- $$d"; (cd "$$d" && go run .); done

.PHONY: readme
readme: ## Run the commands that the README tells a user to run
	@bash .ci/readme

.PHONY: fmt
fmt: ## Format the code and tidy every go.mod
	gofmt -w .
	@$(call each,$(MODULES),go mod tidy)

.PHONY: fmt-check
fmt-check: ## Fail if a file is not formatted
	@unformatted=$$(gofmt -l .); [ -z "$$unformatted" ] || { echo "not formatted (make fmt):"; echo "$$unformatted"; exit 1; }

.PHONY: tidy-check
tidy-check: ## Fail if a go.mod or go.sum is not tidy
	@$(call each,$(MODULES),go mod tidy -diff)

.PHONY: vet
vet: ## Run go vet in every module
	@$(call each,$(MODULES),go vet ./...)

.PHONY: golangci
golangci: $(GOLANGCI) ## Run golangci-lint in every module
	@$(call each,$(MODULES),$(GOLANGCI) run ./...)

$(GOLANGCI):
	@echo "building golangci-lint $(GOLANGCI_VERSION) into $(@D)"
	@GOBIN=$(@D) GOFLAGS= CGO_ENABLED=0 go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)

.PHONY: lint
lint: fmt-check tidy-check vet golangci ## Format, tidiness, vet and linters

.PHONY: pg
pg: ## Start a throw-away PostgreSQL, run CMD with MEMREL_POSTGRES_DSN set, stop it (no CMD: until Ctrl-C)
	@bash .ci/postgres $(CMD)

.PHONY: ci
ci: ## Everything that must hold before a change lands
	@bash .ci/run
