"""House style that no linter knows, held by tests. Each rule is shown to find what breaks it."""
