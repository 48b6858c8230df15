"""PostgreSQL: the pairs in a tsvector find candidates, the folded text beside it decides.

A tsvector keeps no more than 256 places of a lexeme and none beyond 16,383, so phrases cannot
be read from it in a long text. It holds the pairs without places, and the few rows that have
all pairs of a term are compared with the text itself.
"""

from functools import reduce
from operator import or_

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery
from django.db.models import F, Lookup, Q, QuerySet
from wagtail.search.backends.database.postgres.postgres import (
    PostgresAutocompleteQueryCompiler,
    PostgresIndex,
    PostgresSearchBackend,
    PostgresSearchQueryCompiler,
)
from wagtail.search.models import IndexEntry

from search.bigrams import pairs, phrase, starts_with

from .indexing import BREAK, BigramIndex
from .matching import BigramMatching


class PairQuery(SearchQuery):
    """Pairs written as a tsquery, not parsed as a text: no parser or dictionary has a say."""

    template = "(%(expressions)s)::tsquery"


class AmongKeys(Lookup):
    """``key = ANY(ARRAY(subquery))``: the subquery runs once, before the rows are read.

    As ``IN`` it may become a join, and the planner, which cannot foretell how many rows a
    query finds, has chosen joins that took seconds for a common word.
    """

    prepare_rhs = False

    def as_sql(self, compiler, connection):
        key, key_params = self.process_lhs(compiler, connection)
        keys, keys_params = self.process_rhs(compiler, connection)
        return f"{key} = ANY({keys})", [*key_params, *keys_params]


class BigramPostgresIndex(BigramIndex, PostgresIndex):
    columns = ("title", "body", "autocomplete", "title_text", "body_text")

    def as_columns(self, folded: dict[str, list[str]]) -> dict[str, str]:
        vectors = {
            # A string put into a tsvector column is a list of lexemes; nothing parses it.
            column: " ".join(sorted({pair for text in texts for pair in pairs(text)}))
            for column, texts in folded.items()
        }
        return vectors | {
            f"{column}_text": BREAK.join(folded[column]) for column in ("title", "body")
        }


class BigramPostgresQueryCompiler(BigramMatching, PostgresSearchQueryCompiler):
    def entries_with(self, term: str, columns: tuple[str, ...]) -> QuerySet:
        # Pairs are letters and digits only, so there is nothing in them to escape.
        match = " & ".join(sorted(set(phrase(term)))) if len(term) > 1 else f"{starts_with(term)}:*"
        tsquery = PairQuery(match)
        wanted = (self._stands_in(term, tsquery, column) for column in columns)
        return IndexEntry._default_manager.filter(reduce(or_, wanted))

    def among(self, keys: QuerySet) -> Lookup:
        return AmongKeys(F("pk"), ArraySubquery(keys))

    def _stands_in(self, term: str, tsquery: PairQuery, column: str) -> Q:
        has_pairs = Q(**{column: tsquery})
        if column == "autocomplete":
            # There is no text beside this one. Its texts are titles and the like: one that has
            # all the pairs but in another order is rare, and harmless in a chooser.
            return has_pairs
        return has_pairs & Q(**{f"{column}_text__contains": term})


class BigramPostgresAutocompleteCompiler(
    BigramPostgresQueryCompiler, PostgresAutocompleteQueryCompiler
):
    index_columns = ("autocomplete",)


class BigramPostgresSearchBackend(PostgresSearchBackend):
    """Wagtail's PostgreSQL backend with pairs for words."""

    index_class = BigramPostgresIndex
    query_compiler_class = BigramPostgresQueryCompiler
    autocomplete_query_compiler_class = BigramPostgresAutocompleteCompiler


SearchBackend = BigramPostgresSearchBackend
