"""SQLite: pairs in the FTS5 table, in order; a term is an FTS5 phrase."""

from django.db.models import QuerySet, Value
from wagtail.search.backends.database.sqlite.query import MatchExpression
from wagtail.search.backends.database.sqlite.sqlite import (
    SQLiteAutocompleteQueryCompiler,
    SQLiteIndex,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
)
from wagtail.search.models import IndexEntry, SQLiteFTSIndexEntry

from search.bigrams import pairs, phrase, starts_with

from .indexing import BigramIndex
from .matching import BigramMatching


class BigramSQLiteIndex(BigramIndex, SQLiteIndex):
    columns = ("title", "body", "autocomplete")

    def as_columns(self, folded: dict[str, list[str]]) -> dict[str, str]:
        return {
            column: " ".join(" ".join(pairs(text)) for text in texts)
            for column, texts in folded.items()
        }


class BigramSQLiteQueryCompiler(BigramMatching, SQLiteSearchQueryCompiler):
    def entries_with(self, term: str, columns: tuple[str, ...]) -> QuerySet:
        # Pairs are letters and digits only, so there is nothing in them to escape.
        match = f'"{" ".join(phrase(term))}"' if len(term) > 1 else f'"{starts_with(term)}"*'
        rows = SQLiteFTSIndexEntry.objects.filter(MatchExpression(list(columns), Value(match)))
        # A subquery, not a join: SQLite would put the FTS table last and match each row anew.
        return IndexEntry._default_manager.filter(pk__in=rows.values("pk"))


class BigramSQLiteAutocompleteCompiler(BigramSQLiteQueryCompiler, SQLiteAutocompleteQueryCompiler):
    index_columns = ("autocomplete",)


class BigramSQLiteSearchBackend(SQLiteSearchBackend):
    """Wagtail's SQLite backend with pairs for words."""

    index_class = BigramSQLiteIndex
    query_compiler_class = BigramSQLiteQueryCompiler
    autocomplete_query_compiler_class = BigramSQLiteAutocompleteCompiler


SearchBackend = BigramSQLiteSearchBackend
