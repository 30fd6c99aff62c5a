"""What Redshift and PostgreSQL read differently, replaced in the syntax tree of a statement."""

from collections.abc import Callable

from sqlglot import exp

from . import shadow_functions
from .data_types import column_type, value_type
from .refusal import unknown
from .system_views import COLUMNS_VIEW, SYSTEM_FUNCTIONS, SYSTEM_VIEWS

SCHEMA = "rs"
_SHADOWED = shadow_functions.SHADOWED | SYSTEM_FUNCTIONS


def replaced(tree: exp.Expr) -> exp.Expr:
    """The tree as PostgreSQL reads it.

    Raises:
        Refusal: something in it is not known.
    """
    # Children before parents, so that what is put in the place of a parent holds children that are done.
    for node in reversed(list(tree.walk())):
        replacement = _REPLACEMENTS.get(type(node), _unchanged)(node)
        if node is tree:
            tree = replacement
        elif replacement is not node:
            node.replace(replacement)
    return tree


def _unchanged(node: exp.Expr) -> exp.Expr:
    return node


def _identifier(node: exp.Expr) -> exp.Expr:
    """In small letters, also when it is quoted."""
    node.set("this", node.name.lower())
    return node


_DATE_PART_FIRST = {"dateadd", "datediff", "date_part", "date_trunc"}
_SYNONYMS = {
    "isnull": "coalesce",
    "nvl": "coalesce",
    "length": "len",
    "char_length": "len",
    "character_length": "len",
    "textlen": "len",
    "replicate": "repeat",
}


def _function(node: exp.Expr) -> exp.Expr:
    name = node.name.lower()
    arguments = node.expressions
    if name in _DATE_PART_FIRST and arguments and isinstance(arguments[0], exp.Column):
        arguments[0].replace(exp.Literal.string(arguments[0].name))
    name = _SYNONYMS.get(name, name)
    if name in _CALLS:
        return _CALLS[name](node)
    node.set("this", f"{SCHEMA}.{name}" if name in _SHADOWED else name)
    return node


def _decode(node: exp.Expr) -> exp.Expr:
    """A case; unlike one, decode finds null equal to null."""
    value, *rest = node.expressions
    case = exp.Case()
    while len(rest) > 1:
        search, result, *rest = rest
        both_null = exp.and_(
            exp.Is(this=value.copy(), expression=exp.Null()),
            exp.Is(this=search.copy(), expression=exp.Null()),
        )
        case = case.when(exp.or_(exp.EQ(this=value.copy(), expression=search), both_null), result)
    return case.else_(rest[0]) if rest else case


def _nvl2(node: exp.Expr) -> exp.Expr:
    value, given, missing = node.expressions
    return exp.Case().when(exp.Is(this=value, expression=exp.Null()), missing).else_(given)


def _listagg(node: exp.Expr) -> exp.Expr:
    """The aggregate of two arguments; `within group` puts its order inside."""
    measure, *rest = node.expressions
    distinct = isinstance(measure, exp.Distinct)
    if distinct:
        measure, *rest = measure.expressions
    delimiter = rest[0] if rest else exp.Literal.string("")
    value = exp.cast(measure, "text")
    first = exp.Distinct(expressions=[value]) if distinct else value
    return exp.Anonymous(this=f"{SCHEMA}.listagg", expressions=[first, delimiter])


_CALLS: dict[str, Callable[[exp.Expr], exp.Expr]] = {
    "decode": _decode,
    "nvl2": _nvl2,
    "listagg": _listagg,
}


def _within_group(node: exp.Expr) -> exp.Expr:
    if node.this.name.lower() != f"{SCHEMA}.listagg":
        return node
    call: exp.Expr = node.this
    order = node.expression.expressions
    value = call.find(exp.Cast)
    for each in order:
        # PostgreSQL orders distinct values by nothing but what it aggregates.
        if value and each.this == value.this:
            each.set("this", value.copy())
    delimiter = call.expressions[-1]
    delimiter.replace(exp.Order(this=delimiter.copy(), expressions=order))
    return call


def _extract(node: exp.Expr) -> exp.Expr:
    """In Redshift a whole number; the column is called date_part."""
    part = exp.Anonymous(
        this=f"{SCHEMA}.date_part", expressions=[exp.Literal.string(node.name), node.expression]
    )
    return exp.cast(part, "bigint" if node.name.lower() == "epoch" else "int")


def _cast(node: exp.Expr) -> exp.Expr:
    kind = node.args["to"]
    if isinstance(kind, exp.DataType):
        node.set("to", value_type(kind))
    return node


def _column(node: exp.Expr) -> exp.Expr:
    """A column of a table: its type in full, and only the constraints that Redshift enforces."""
    if node.find_ancestor(exp.Create, exp.Alter) is None:
        return node
    node.set("kind", column_type(node.args["kind"]))
    kinds = [each.kind for each in node.args.get("constraints") or []]
    is_key = any(isinstance(kind, exp.PrimaryKeyColumnConstraint) for kind in kinds)
    kept = [kind for kind in kinds if isinstance(kind, _ENFORCED)]
    if is_key and not any(isinstance(kind, exp.NotNullColumnConstraint) for kind in kept):
        kept.append(exp.NotNullColumnConstraint())
    node.set("constraints", [exp.ColumnConstraint(kind=kind) for kind in kept])
    return node


_ENFORCED = (
    exp.NotNullColumnConstraint,
    exp.DefaultColumnConstraint,
    exp.GeneratedAsIdentityColumnConstraint,
)
_NOT_ENFORCED = (exp.PrimaryKey, exp.UniqueColumnConstraint, exp.ForeignKey, exp.Constraint)


def _schema(node: exp.Expr) -> exp.Expr:
    """The columns of a table without the constraints that Redshift does not enforce."""
    keys = {column.name for key in node.find_all(exp.PrimaryKey) for column in key.expressions}
    for column in node.expressions:
        if column.name in keys and not column.find(exp.NotNullColumnConstraint):
            column.append("constraints", exp.ColumnConstraint(kind=exp.NotNullColumnConstraint()))
    node.set("expressions", [each for each in node.expressions if not isinstance(each, _NOT_ENFORCED)])
    return node


def _create(node: exp.Expr) -> exp.Expr:
    """A table without what is about its storage."""
    properties = node.args.get("properties")
    if properties:
        kept = [each for each in properties.expressions if isinstance(each, exp.TemporaryProperty)]
        node.set("properties", exp.Properties(expressions=kept) if kept else None)
    node.set("no_schema_binding", None)
    return node


def _table(node: exp.Expr) -> exp.Expr:
    """One of Redshift's system tables that PostgreSQL lacks or has otherwise."""
    schema, name = node.text("db").lower(), node.name.lower()
    if schema == "information_schema" and name == "columns":
        _rename(node, COLUMNS_VIEW)
        if not node.alias:
            node.set("alias", exp.TableAlias(this=exp.to_identifier("columns")))
    elif schema in ("", "pg_catalog") and name in SYSTEM_VIEWS:
        _rename(node, name)
    return node


def _rename(node: exp.Expr, name: str) -> None:
    node.set("db", exp.to_identifier(SCHEMA))
    node.set("this", exp.to_identifier(name))


def _select(node: exp.Expr) -> exp.Expr:
    """QUALIFY as a condition on a subquery."""
    qualify = node.args.get("qualify")
    if not qualify:
        return node
    if node.args.get("order") or node.args.get("limit"):
        raise unknown("QUALIFY beside ORDER BY")
    node.set("qualify", None)
    condition = exp.alias_(qualify.this, "_qualified")
    if isinstance(node.expressions[0], exp.Star):
        return _qualified_rows(node, condition)
    names = [each.alias_or_name for each in node.expressions]
    if not all(names):
        raise unknown("QUALIFY beside a column without a name")
    node.append("expressions", condition)
    return _qualified(node, *(exp.column(name) for name in names))


def _qualified_rows(node: exp.Expr, condition: exp.Expr) -> exp.Expr:
    """The same for `select *`: the row is one column inside, and is taken apart outside."""
    source = node.args["from_"].this
    if len(node.expressions) > 1 or node.args.get("joins") or not source.alias_or_name:
        raise unknown("QUALIFY beside * and more than one table")
    node.set("expressions", [exp.alias_(exp.column(source.alias_or_name), "_row"), condition])
    return _qualified(node, "(_row).*")


def _qualified(inner: exp.Expr, *columns: exp.Expr | str) -> exp.Expr:
    rows = exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier("_rows")))
    return exp.select(*columns).from_(rows).where(exp.column("_qualified"))


_REPLACEMENTS: dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr]] = {
    exp.Identifier: _identifier,
    exp.Anonymous: _function,
    exp.WithinGroup: _within_group,
    exp.Extract: _extract,
    exp.Cast: _cast,
    exp.ColumnDef: _column,
    exp.Schema: _schema,
    exp.Create: _create,
    exp.Table: _table,
    exp.Select: _select,
}
