"""Every exception of Teletipo, as one tree. The class name is the `error.type` of a dead letter.

TeletipoError
├── UserError                  somebody has to change something; shown as one line, exit status 2
│   ├── SettingsError          a setting is wrong: which variable, what is allowed
│   ├── MissingTopics          a topic is absent or has another shape: which command makes it
│   ├── BrokerUnavailable      no broker answers at the given address; a worker that starts waits for it
│   │   └── LoginRefused       it answers, and refuses the user, the password or rights
│   ├── BrokerStartFailed      our own broker did not start: port, disk, download
│   ├── PipelineUnusable       a spaCy pipeline is absent or lacks a component
│   └── LexiconError           an entry of a language's data files is wrong
├── InputError                 the input cannot be processed; a dead letter in the worker, an error line in commands
│   ├── NotJSON                not JSON, or not UTF-8
│   ├── InvalidRecord          a field that decides has the wrong type, or is missing
│   ├── TooLong                more than a million characters of text
│   ├── UnknownSchema          written for a higher major version of the contract
│   ├── UnreadableWire         bytes that are no wire we know, or a broken one
│   │   └── OversizedDocument   more bytes than a feeder reads; the beginning is kept
│   ├── TooLarge               an output record is larger than its topic takes
│   ├── EnrichmentTimeout      the article took longer than its time limit
│   ├── EnrichmentFailed       a stage raised on it: a defect of ours, named in the reason
│   └── EnrichmentCrashed      the process that enriched it died, twice
└── Fenced                     another worker owns the partition now; the process must end
"""

from __future__ import annotations


class TeletipoError(Exception):
    """Base of all. `str()` is one line that says what, where and what to do."""


class UserError(TeletipoError):
    """A person's mistake or a missing precondition. Commands print it as one line and exit with 2."""


class SettingsError(UserError):
    """A setting has a value that is not allowed."""


class MissingTopics(UserError):
    """Topics are missing or differ from their definition."""


class BrokerUnavailable(UserError):
    """No Kafka broker answers at the configured address."""


class LoginRefused(BrokerUnavailable):
    """A broker answers and does not let us in, or refuses rights that are needed; waiting cannot help."""


class BrokerStartFailed(UserError):
    """The embedded broker could not be installed or started."""


class PipelineUnusable(UserError):
    """A spaCy pipeline cannot be loaded or lacks components that the enricher needs."""


class LexiconError(UserError):
    """A data file of a language or the codebook has a wrong entry."""


class InputError(TeletipoError):
    """The input cannot be processed, now or ever. Becomes a dead letter with `stage`."""

    stage = "decode"


class NotJSON(InputError):
    """The value is no JSON text in UTF-8."""


class InvalidRecord(InputError):
    """A field that decides what happens (contract.md, news.raw) is missing or of the wrong type."""


class TooLong(InputError):
    """The text has more than a million characters."""


class UnknownSchema(InputError):
    """`ce_dataschema` names a higher major version than this release reads."""


class UnreadableWire(InputError):
    """The bytes are no wire document, or a broken one."""

    stage = "read"


class NoWire(UnreadableWire):
    """The bytes have no mark of any wire format; they may be a text all the same."""


class OversizedDocument(UnreadableWire):
    """A document has more bytes than a feeder reads. `head` is how it begins, `size` the bytes of the whole, as far as known."""

    HEAD = 64 * 1024
    """Bytes that are kept of it."""

    def __init__(self, message: str, data: bytes, size: int) -> None:
        super().__init__(message)
        self.head = data[: self.HEAD]
        self.size = size


class TooLarge(InputError):
    """An output record exceeds the size that its topic accepts."""

    stage = "deliver"


class EnrichmentTimeout(InputError):
    """The article took longer than 10 s + 1 ms a word."""

    stage = "enrich"


class EnrichmentFailed(InputError):
    """A stage raised an unexpected exception on the article; the message names the stage and the exception."""

    stage = "enrich"


class EnrichmentCrashed(InputError):
    """The process that enriched the article died on it, also when it was alone."""

    stage = "enrich"


class Fenced(TeletipoError):
    """Another worker has taken the partition over; nothing more may be written."""
