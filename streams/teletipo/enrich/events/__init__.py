"""Who did what to whom, where and when: the event coder. Start at `coder.EventCoder`; the data is in languages/*/."""
