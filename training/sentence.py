"""One annotated sentence, the unit that readers give and augmentation changes."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Sentence:
    """Words with whatever annotation a corpus has for them; a list that is None was not annotated.

    ``heads`` are indices into ``words`` (a root heads itself), ``entities`` are IOB2 labels. An
    empty part of speech with empty features is unknown.
    """

    words: list[str]
    spaces: list[bool]
    pos: list[str] | None = None
    morphs: list[str] | None = None
    lemmas: list[str] | None = None
    heads: list[int] | None = None
    deps: list[str] | None = None
    entities: list[str] | None = None
    document: str = ""
    source: str = ""
    meta: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.words)

    @property
    def text(self) -> str:
        """The words joined as they were written."""
        return "".join(word + (" " if space else "") for word, space in zip(self.words, self.spaces, strict=True))
