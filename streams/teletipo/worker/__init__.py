"""The Faust worker: reads news.raw, decides, enriches in child processes, delivers exactly once."""
