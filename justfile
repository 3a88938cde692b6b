# Lists the recipes.
default:
    @just --list --unsorted

# Every check that a change must pass, as in CI.
check:
    .ci/run

# Formats the code.
fmt:
    cargo fmt --all

# Fails if the code is not formatted.
fmt-check:
    cargo fmt --all --check

# Clippy, as strict as in CI.
lint:
    cargo clippy --workspace --all-targets -- -D warnings

# Checks the dependencies between crates, and those on others.
arrows:
    tests/arrows
    cargo deny check --hide-inclusion-graph bans licenses sources

# Runs all tests, or those that the arguments select.
test *args:
    tests/run {{ args }}

# Runs the tests' servers until Ctrl-C, and prints the variables to export.
servers:
    cargo run --package servers -- up

# Builds the documentation; broken links are errors.
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# Runs the server with everything in memory.
dev:
    TERTULIA_STORAGE__MEMORY=true cargo run

# Runs a release build on SQLite in ./data.
run:
    cargo run --release

# Migrates the database in ./data to the latest schema.
migrate:
    cargo run --release -- migrate

# Reviews changed snapshots of the wire types.
snapshots:
    cargo insta review

# Runs the benchmarks.
bench *args:
    cargo bench -p bench {{ args }}
