# Each target is one script in bin/, which can be called by itself; CONTRIBUTING.md tells when.
.PHONY: run test check bench conformance docs

run:          # set up if needed, then serve on $PORT (8000)
	@bin/run

test:         # every test, on SQLite and on PostgreSQL
	@bin/test

check:        # imports, types, lint, house rules, templates, translations, migrations
	@bin/check

bench:        # how fast, against what limit
	@bin/bench

conformance:  # real-world mail through the front door: make conformance DATA=folder
	@bin/conformance "$(DATA)"

docs:         # write what a command can write: events, permissions, settings, the API
	@bin/docs
