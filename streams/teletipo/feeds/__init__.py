"""Where bytes come from: files, folders, polled feeds, HTTP push, mail. All of them send through one `Sender`."""

from teletipo.feeds.sender import Sender, SendReport

__all__ = ["SendReport", "Sender"]
