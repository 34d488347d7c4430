"""What share of the personal data is masked, and what share of the rest is not."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from participation.privacy.masking import mask
from tests.unit.privacy.marked import Example


@dataclass
class Measured:
    """Counts over a set of examples.

    A span is found when all its letters and digits are masked, by whatever kind. A masked span is right when it
    touches personal data. A piece that has to stay is spoilt when any of its letters or digits is masked.
    """

    spans: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    found: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    masked: int = 0
    right: int = 0
    keep: int = 0
    spoilt: int = 0
    faults: list[str] = field(default_factory=list)

    def recall(self, kind: str) -> float:
        """Share of the spans of a kind that is found."""
        return self.found[kind] / self.spans[kind]

    @property
    def precision(self) -> float:
        """Share of what is masked that touches personal data."""
        return self.right / self.masked

    @property
    def spoilt_share(self) -> float:
        """Share of the pieces that have to stay and do not."""
        return self.spoilt / self.keep


def measure(examples: Iterable[Example]) -> Measured:
    """Mask all examples and count."""
    result = Measured()
    for example in examples:
        masked = mask(example.text)
        hidden = {place for span in masked.spans for place in range(span.start, span.end)}
        for start, end, kind in example.spans:
            result.spans[kind] += 1
            whole = _telling(example.text, start, end) <= hidden
            result.found[kind] += whole
            if not whole:
                result.faults.append(f"missed {kind} {example.text[start:end]!r}: {masked.text}")
        for start, end in example.keep:
            result.keep += 1
            spoilt = bool(_telling(example.text, start, end) & hidden)
            result.spoilt += spoilt
            if spoilt:
                result.faults.append(f"spoilt {example.text[start:end]!r}: {masked.text}")
        for span in masked.spans:
            result.masked += 1
            right = any(start < span.end and span.start < end for start, end, _ in example.spans)
            result.right += right
            if not right:
                result.faults.append(f"too much {span.kind} {example.text[span.start : span.end]!r}: {masked.text}")
    return result


def _telling(text: str, start: int, end: int) -> set[int]:
    return {place for place in range(start, end) if text[place].isalnum()}
