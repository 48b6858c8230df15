"""How a Wagtail search query becomes a filter on a queryset: shared by both databases."""

from functools import reduce
from operator import and_, or_
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import CharField, FloatField, Lookup, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from wagtail.search.query import And, Boost, MatchAll, Not, Or, Phrase, PlainText, SearchQuery
from wagtail.search.utils import get_descendants_content_types_pks

from search.bigrams import LONGEST_QUERY, fold, terms

NOTHING = Q(pk__in=[])


class BigramMatching:
    """Compiles queries; mixed into the stock query compilers of each database.

    The index is asked once for each term, not once more for each row to rank it: results keep
    the queryset's own order, or come newest first. Results have no score of their own yet.
    """

    queryset: QuerySet
    query: SearchQuery
    fields: list[str] | None

    #: The columns of the index that are searched.
    index_columns: tuple[str, ...] = ("title", "body")

    def entries_with(self, term: str, columns: tuple[str, ...]) -> QuerySet:
        """Index entries, of any model, in which a folded term stands."""
        raise NotImplementedError

    def among(self, keys: QuerySet) -> Q | Lookup:
        """A filter for the objects whose primary keys a subquery gives."""
        return Q(pk__in=keys)

    def search(
        self,
        config: str | None,
        start: int | None,
        stop: int | None,
        score_field: str | None = None,
        backend: Any = None,
    ) -> QuerySet:
        """The matching objects from ``start`` to ``stop``, as Wagtail's results classes ask."""
        queryset = self.queryset
        if isinstance(self.query, MatchAll):
            return queryset[start:stop]
        queryset = queryset.filter(self.condition(self.query))
        if score_field is not None:
            queryset = queryset.annotate(**{score_field: Value(1.0, output_field=FloatField())})
        if not queryset.query.order_by:
            queryset = queryset.order_by("-pk")
        return queryset[start:stop]

    def condition(self, query: SearchQuery) -> Q:
        """A filter for a query tree. Raises NotImplementedError for fuzzy queries."""
        if isinstance(query, MatchAll):
            return ~NOTHING
        if isinstance(query, Not):
            return ~self.condition(query.subquery)
        if isinstance(query, Boost):
            return self.condition(query.subquery)
        if isinstance(query, And | Or):
            join = and_ if isinstance(query, And) else or_
            return reduce(join, map(self.condition, query.subqueries))
        if isinstance(query, Phrase):
            return self._phrase_condition(query.query_string)
        if isinstance(query, PlainText):
            join = or_ if query.operator == "or" else and_
            wanted = [self._term_condition(term) for term in self._terms(query.query_string)]
            return reduce(join, wanted) if wanted else NOTHING
        raise NotImplementedError(
            f"{type(query).__name__} queries are not supported by search.backends."
        )

    def _terms(self, query: str) -> list[str]:
        return _storable(query).split() if self.fields else terms(query)

    def _phrase_condition(self, text: str) -> Q:
        text = _storable(text) if self.fields else fold(text[:LONGEST_QUERY])
        return self._term_condition(text) if text else NOTHING

    def _term_condition(self, term: str) -> Q:
        if not self.fields:
            return self._in_index(term, self.index_columns)
        return reduce(or_, (self._in_field(term, field) for field in self.fields))

    def _in_field(self, term: str, field: str) -> Q:
        # The index does not keep fields apart, so a search in named ones reads their columns.
        try:
            is_text = isinstance(self.queryset.model._meta.get_field(field), CharField | TextField)
        except FieldDoesNotExist:
            is_text = False
        if is_text:
            return Q(**{f"{field}__icontains": term})
        folded = fold(term)
        return self._in_index(folded, self.index_columns) if folded else NOTHING

    def _in_index(self, term: str, columns: tuple[str, ...]) -> Q:
        model = self.queryset.model
        key = model._meta.pk
        while key.remote_field:
            key = key.target_field
        entries = self.entries_with(term, columns).filter(
            content_type__in=get_descendants_content_types_pks(model)
        )
        return Q(self.among(entries.values_list(Cast("object_id", type(key)()), flat=True)))


def _storable(text: str) -> str:
    """A query without what no text column can hold, and no database can be asked for."""
    return text[:LONGEST_QUERY].replace("\0", " ").encode("utf-8", "ignore").decode().strip()
