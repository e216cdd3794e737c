"""How the shipped pipelines are made: corpora in, packed spaCy pipelines out (``python -m training es en``)."""
