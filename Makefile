# The verbs people type. `make help` lists them.
SHELL := /bin/sh
PORT ?= 8080
DATA ?= data
JOBS ?= $(shell nproc)
FUZZ ?= all
RUNS ?= 1000000
configure = cmake --preset $(1) $(2) >/dev/null
# Some tests start servers and a browser; two at once keep them honest and the machine busy.
CTEST = ctest --output-on-failure -j$(JOBS)

.PHONY: all deps run test lint asan tsan fuzz bench golden package bump clean help

# A first build leaves the tests, and what only they need, until somebody wants them. The web app is built meanwhile; should
# that fail, the build tries again and says why.
all: deps ## build/tuition, the static release binary
	@src/app/build-site.sh static >/dev/null 2>&1 & \
	$(call configure,release,$(if $(wildcard build/CMakeCache.txt),,-DTUITION_TESTS=OFF))
	@cmake --build build --parallel $(JOBS) --target tuition

deps:
	@packaging/install-deps.sh build

run: all ## build, then serve a demo school on PORT with its data in DATA (PORT=8080 DATA=data)
	@build/tuition dev --port $(PORT) --data $(DATA)

test: ## build everything and run all tests: unit, lint, system, browser
	@packaging/install-deps.sh build test
	@$(call configure,release,-DTUITION_TESTS=ON)
	@cmake --build build --parallel $(JOBS)
	@cd build && $(CTEST)

lint: ## formatting, levels, names, SQL, banned calls
	@packaging/install-deps.sh build test
	@node tests/lint/lint_test.mjs
	@node tests/lint/lint.mjs
	@tests/lint/format.sh

asan: deps ## unit tests, and what strangers send, under AddressSanitizer and UndefinedBehaviorSanitizer
	@$(call configure,asan)
	@cmake --build build-asan --parallel $(JOBS)
	@cd build-asan && $(CTEST) -L 'unit|system'

tsan: deps ## unit tests under ThreadSanitizer
	@$(call configure,tsan)
	@cmake --build build-tsan --parallel $(JOBS)
	@cd build-tsan && $(CTEST) -L unit

fuzz: deps ## mangled inputs for everything that reads what strangers send (FUZZ=all RUNS=1000000 SEED=any)
	@$(call configure,asan)
	@cmake --build build-asan --parallel $(JOBS) --target tuition_fuzz
	@build-asan/tests/tuition_fuzz $(FUZZ) --runs $(RUNS) $(if $(SEED),--seed $(SEED))

bench: all ## the table of speeds, with nginx beside it
	@packaging/install-deps.sh build bench
	@$(call configure,release,-DTUITION_TESTS=ON)
	@cmake --build build --parallel $(JOBS) --target tuition_storage_bench
	@tests/bench/run.sh

golden: all ## rewrite the golden files from what the program says; read the diff
	@tests/golden/rewrite.sh

package: all ## dist/: the binary, its checksums, a Debian package
	@packaging/package.sh

bump: deps ## take newer acceptable versions of the third-party libraries
	@third_party/build.sh --refresh

clean: ## remove what was built here; the third-party cache stays
	@rm -rf build build-asan build-tsan static/dist static/node_modules tests/browser/node_modules tests/openapi/node_modules tests/stripe_sdk/node_modules

help: ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
