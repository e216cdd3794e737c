"""How the sentiment weights are made: labelled targets and articles in, small arrays out (`python -m training.sentiment`)."""
