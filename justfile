# What there is to do here.
default:
    @just --list --unsorted

# What a change must pass, as CI runs it.
check:
    .ci/run

# Puts the code into its form.
fmt:
    cargo fmt --all

# Fails where the code is not in its form.
fmt-check:
    cargo fmt --all --check

# Clippy, as strict as CI.
lint:
    cargo clippy --workspace --all-targets -- -D warnings

# Who may name whom, and what may be built from.
arrows:
    tests/arrows
    cargo deny check --hide-inclusion-graph bans licenses sources

# All tests, or those that the arguments choose.
test *args:
    tests/run {{ args }}

# The tests' servers, until Ctrl-C; prints what to export.
servers:
    cargo run --package servers -- up

# The documentation, where a broken link is an error.
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# Serves with everything in memory, on a key of its own.
dev:
    TERTULIA_STORAGE__MEMORY=true cargo run

# Serves as it does for people, on SQLite in ./data.
run:
    cargo run --release

# Brings the database in ./data to the newest schema.
migrate:
    cargo run --release -- migrate

# Looks at every wire type that changed.
snapshots:
    cargo insta review

# How fast it is here.
bench *args:
    cargo bench -p bench {{ args }}
