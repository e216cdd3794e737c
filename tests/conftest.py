"""Settings that all tests share."""

from hypothesis import HealthCheck, settings

# A busy machine is no fault of the code: examples are bounded by number, never by time.
settings.register_profile("teletipo", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.load_profile("teletipo")
