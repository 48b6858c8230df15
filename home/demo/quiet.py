"""The words of the sample town that must not appear while its programme is quiet."""

from pledge_pages.models import Programme, QuietTerm
from pledge_pages.quiet_words.refusing import set_term

from .sample import Sample


def make_terms(sample: Sample, programme: Programme, *, by) -> list[QuietTerm]:
    """Enter the file's terms, each with the first wording that it allows in the same language."""
    said = sample["programme"]["embargo"]
    terms = [
        QuietTerm(
            programme=programme,
            text=row["term"],
            suggestion=said["allowed_en" if row["term"].isascii() else "allowed_zh"][0],
        )
        for row in said["terms"]
    ]
    terms += [
        QuietTerm(programme=programme, kind=QuietTerm.Kind.FINE, text=text)
        for text in (*said["allowed_zh"], *said["allowed_en"])
    ]
    return [set_term(term, by=by) for term in terms]
