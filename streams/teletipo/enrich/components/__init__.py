"""Components and architectures of our pipelines, registered through spaCy's entry points (pyproject.toml)."""
