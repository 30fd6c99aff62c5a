"""What Redshift refuses, found in the syntax tree of a statement."""

from collections.abc import Callable, Iterator

from sqlglot import exp
from sqlglot.optimizer.scope import Scope, traverse_scope

from .dialect import TABLE_ATTRIBUTE
from .known_functions import KNOWN, LEADER_ONLY, RANKING
from .refusal import NO_SUCH_FUNCTION, Refusal, syntax_error, unknown

_LEADER_ONLY = "Specified types or functions (one per INFO message) not supported on Redshift tables."
_CORRELATED = "This type of correlated subquery pattern is not supported due to internal error"


def check(tree: exp.Expr) -> None:
    """Look for what Redshift would not run.

    Raises:
        Refusal: the first such thing that was found, in Redshift's words.
    """
    for node in tree.walk():
        for kind, refuse in _CHECKS:
            if isinstance(node, kind):
                refuse(node)
    _check_leader_only(tree)
    if tree.find(exp.Subquery, exp.Exists, exp.In):
        _check_correlation(tree)


# Syntax that Redshift does not have.

_NO_SYNTAX: dict[type[exp.Expr], tuple[str, str]] = {
    exp.Filter: ("(", "Redshift has no FILTER (WHERE …): write sum(case when … then … end)."),
    exp.OnConflict: ("on", "Redshift has no ON CONFLICT: delete and insert, or MERGE."),
    exp.Returning: ("returning", "Redshift has no RETURNING."),
    exp.Lateral: ("lateral", "Redshift has no LATERAL joins."),
    exp.Array: ("[", "Redshift has no arrays."),
    exp.Bracket: ("[", "Redshift has no arrays."),
    exp.NullSafeEQ: ("distinct", "Redshift has no IS NOT DISTINCT FROM."),
    exp.NullSafeNEQ: ("distinct", "Redshift has no IS DISTINCT FROM."),
    exp.TableSample: ("tablesample", "Redshift has no TABLESAMPLE."),
    exp.Lock: ("for", "Redshift has no FOR UPDATE."),
}
_NOT_YET: dict[type[exp.Expr], str] = {
    exp.IgnoreNulls: "IGNORE NULLS",
    exp.JSONExtract: "SUPER values",
    exp.JSONExtractScalar: "SUPER values",
}


def _no_syntax(node: exp.Expr) -> None:
    raise syntax_error(*_NO_SYNTAX[type(node)])


def _not_yet(node: exp.Expr) -> None:
    raise unknown(_NOT_YET[type(node)])


def _star(node: exp.Expr) -> None:
    if node.args.get("except_") or node.args.get("replace"):
        raise unknown("SELECT * EXCLUDE")


def _group(node: exp.Expr) -> None:
    if node.args.get("all"):
        raise unknown("GROUP BY ALL")


def _distinct(node: exp.Expr) -> None:
    if node.args.get("on"):
        raise Refusal("SELECT DISTINCT ON is not supported")


def _values(node: exp.Expr) -> None:
    if not isinstance(node.parent, exp.Insert):
        raise syntax_error("values", "Redshift has VALUES only in INSERT: write select … union all select ….")


def _target(node: exp.Expr) -> None:
    """UPDATE, DELETE and MERGE name their table and give it no other name."""
    if isinstance(node.this, exp.Table) and node.this.alias:
        raise syntax_error(node.this.alias, "Redshift gives the table that is changed no alias.")


def _merge(node: exp.Expr) -> None:
    whens = node.args["whens"].expressions
    matched = [when for when in whens if when.args["matched"]]
    if len(whens) != 2 or len(matched) != 1:
        raise syntax_error("when", "Redshift's MERGE has one WHEN MATCHED and one WHEN NOT MATCHED.")
    if any(when.args.get("condition") or when.args.get("source") for when in whens):
        raise syntax_error("and", "Redshift's WHEN has no condition of its own, and no BY SOURCE.")
    if not isinstance(node.args["using"], exp.Table):
        raise syntax_error("(", "Redshift merges from a table.")
    if node.args.get("with_") or node.args["using"].name == node.this.name:
        raise Refusal("MERGE: the source must be another table, without WITH")
    if not node.args["on"].find(exp.EQ):
        raise Refusal("MERGE: the match condition must compare for equality")


# Windows.


def _window(node: exp.Expr) -> None:
    if node.args.get("alias") or node.arg_key == "windows":
        raise syntax_error("window", "Redshift has no named windows: write the window out.")
    call = node.this.this if isinstance(node.this, (exp.WithinGroup, exp.IgnoreNulls)) else node.this
    frame = node.args.get("spec")
    if node.args.get("order") and not frame and call.name.lower() not in RANKING:
        raise Refusal("Aggregate window functions with an ORDER BY clause require a frame clause")
    if frame and frame.args.get("kind", "").upper() != "ROWS":
        raise syntax_error(frame.args["kind"].lower(), "Redshift's frames count ROWS.")


# Functions.


def _function(node: exp.Expr) -> None:
    if node.name.lower() == "values":
        _values(node)
    if node.name.lower() not in KNOWN:
        detail = "Redshift has no such function, or the stand-in does not know it."
        raise Refusal(f"function {node.name.lower()} does not exist", detail, NO_SUCH_FUNCTION)


_LEADER_KEYWORDS = (
    exp.CurrentTimestamp,
    exp.CurrentTime,
    exp.Localtime,
    exp.Localtimestamp,
    exp.CurrentSchema,
)
_SYSTEM_SCHEMAS = {"pg_catalog", "information_schema"}
_SYSTEM_PREFIXES = ("pg_", "svv_", "svl_", "stl_", "stv_", "sys_")


def _check_leader_only(tree: exp.Expr) -> None:
    """What runs on the leader node cannot be combined with tables, which are on the compute nodes."""
    tables = list(_tables(tree))
    if not any(not _is_system(table) for table in tables):
        return
    calls = [node.name.lower() for node in tree.find_all(exp.Anonymous)]
    if tree.find(*_LEADER_KEYWORDS) or LEADER_ONLY.intersection(calls) or any(map(_is_catalog, tables)):
        raise Refusal(
            _LEADER_ONLY, "Leader-node functions and catalog tables cannot be combined with tables."
        )


def _tables(tree: exp.Expr) -> Iterator[exp.Table]:
    """The tables that a statement reads or fills; not the view that it makes."""
    names = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    made = tree.this if isinstance(tree, exp.Create) and tree.kind != "TABLE" else None
    for table in tree.find_all(exp.Table):
        is_cte = not table.db and table.name.lower() in names
        if table is not made and isinstance(table.this, exp.Identifier) and not is_cte:
            yield table


def _is_system(table: exp.Table) -> bool:
    return table.db.lower() in _SYSTEM_SCHEMAS or table.name.lower().startswith(_SYSTEM_PREFIXES)


def _is_catalog(table: exp.Table) -> bool:
    return table.db.lower() in _SYSTEM_SCHEMAS or table.name.lower().startswith("pg_")


# Subqueries that refer to a query around them.


def _check_correlation(tree: exp.Expr) -> None:
    query = tree if isinstance(tree, exp.Query) else tree.find(exp.Query)
    for scope in traverse_scope(query) if query else ():
        if not scope.is_subquery or not isinstance(scope.expression, exp.Select) or scope.parent is None:
            continue
        outer = [column for column in scope.external_columns if column.table]
        if outer:
            _check_correlated(scope, scope.parent, outer)


def _check_correlated(scope: Scope, parent: Scope, outer: list[exp.Column]) -> None:
    query = scope.expression
    if any(column.table not in parent.sources for column in outer):
        raise Refusal(_CORRELATED, "A correlated reference skips a query block.")
    join = query.find_ancestor(exp.Join, exp.Select)
    if isinstance(join, exp.Join) and join.side:
        raise Refusal(_CORRELATED, "A correlated subquery is in the ON of an outer join.")
    if query.find(exp.Window):
        raise Refusal(_CORRELATED, "A correlated subquery has a window function.")
    group = query.args.get("group")
    if group and any(
        column.table not in scope.sources for column in group.find_all(exp.Column) if column.table
    ):
        raise Refusal(_CORRELATED, "A correlated reference is in GROUP BY.")


# Definitions.

_KINDS = {"TABLE", "VIEW", "SCHEMA"}
_STORAGE = (exp.DistKeyProperty, exp.DistStyleProperty, exp.SortKeyProperty, exp.TemporaryProperty)


def _definition(node: exp.Expr) -> None:
    if isinstance(node.parent, exp.Alter):
        return
    kind = str(node.args.get("kind", "")).upper()
    if kind not in _KINDS:
        verb = "create" if isinstance(node, exp.Create) else "drop"
        raise Refusal(f'SQL command "{verb} {kind.lower()}" not supported on Redshift tables.')


def _property(node: exp.Expr) -> None:
    for each in node.expressions:
        if isinstance(each, exp.MaterializedProperty):
            raise unknown("materialized views")
        if not isinstance(each, _STORAGE) and each.name != TABLE_ATTRIBUTE:
            raise syntax_error(
                each.sql(dialect="redshift").split()[0].lower(), "Not a table attribute of Redshift's."
            )


def _check_constraint(node: exp.Expr) -> None:  # noqa: ARG001 - there is but one
    raise Refusal("CHECK constraints are not supported")


def _alter(node: exp.Expr) -> None:
    actions = node.args["actions"]
    if len(actions) > 1:
        raise syntax_error(",", "Redshift changes one column at a time.")
    action = actions[0]
    if isinstance(action, exp.ColumnDef):
        _added_column(action)
    elif isinstance(action, exp.AlterColumn):
        _changed_column(action)
    elif not isinstance(action, (exp.Drop, exp.AlterRename, exp.RenameColumn)):
        raise unknown(f'"{node.sql(dialect="redshift")}"')


def _added_column(column: exp.ColumnDef) -> None:
    if column.find(exp.NotNullColumnConstraint) and not column.find(exp.DefaultColumnConstraint):
        raise Refusal("ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression")


def _changed_column(action: exp.AlterColumn) -> None:
    kind = action.args.get("dtype")
    if kind is None or kind.this != exp.DataType.Type.VARCHAR:
        raise Refusal("ALTER TABLE ALTER COLUMN changes nothing but the length of a varchar")


# Values.


_MOMENTS = {exp.DataType.Type.DATE, exp.DataType.Type.TIMESTAMP, exp.DataType.Type.TIMESTAMPTZ}


def _cast(node: exp.Expr) -> None:
    endless = node.this.name.lower().lstrip("+-") in ("infinity", "inf")
    if isinstance(node.this, exp.Literal) and endless and node.args["to"].this in _MOMENTS:
        raise Refusal(f'invalid input syntax for type timestamp: "{node.this.name}"', code="22007")


_LONGEST_NAME = 63


def _name(node: exp.Expr) -> None:
    if len(node.name.encode()) > _LONGEST_NAME:
        raise unknown(f"names of more than {_LONGEST_NAME} bytes, which PostgreSQL would cut")


_CHECKS: tuple[tuple[type[exp.Expr] | tuple[type[exp.Expr], ...], Callable[[exp.Expr], None]], ...] = (
    (tuple(_NO_SYNTAX), _no_syntax),
    (tuple(_NOT_YET), _not_yet),
    (exp.Star, _star),
    (exp.Group, _group),
    (exp.Distinct, _distinct),
    (exp.Values, _values),
    ((exp.Update, exp.Delete, exp.Merge), _target),
    (exp.Merge, _merge),
    (exp.Window, _window),
    (exp.Anonymous, _function),
    ((exp.Create, exp.Drop), _definition),
    (exp.Properties, _property),
    (exp.CheckColumnConstraint, _check_constraint),
    (exp.Alter, _alter),
    (exp.Cast, _cast),
    (exp.Identifier, _name),
)
