"""The steps of a load: find files, inspect each, land what is new."""

import re
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, cast

import duckdb

from sales_loader.contract import ORDER_ITEM_OPTIONS, ORDER_ITEMS, WHITE_SPACE, Table
from sales_loader.csv_files import csv_reader, header
from sales_loader.csv_files.archive_limits import USUAL_LIMITS, ArchiveLimits
from sales_loader.csv_files.header import Layout
from sales_loader.csv_files.inspection import Inspection, empty_file, inspect, sha256_of
from sales_loader.errors import (
    LoadedMeanwhileError,
    LoaderError,
    RefusedFileError,
    WarehouseUnavailableError,
)
from sales_loader.events import Event, Level, Listener
from sales_loader.privacy import quoted
from sales_loader.sources import search
from sales_loader.sources.local import SalesFile, SourceFile, compression_of
from sales_loader.warehouses.interface import (
    Incoming,
    Landed,
    Load,
    SetAside,
    TakenBack,
    Warehouse,
    Withdrawal,
    counted,
)

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


Progress = Callable[[Sequence[SalesFile]], Iterable[SalesFile]]


class Outcome(StrEnum):
    """What became of a file."""

    LANDED = "landed"
    REPLACED = "replaced"
    SKIPPED = "skipped, unchanged"
    WITHDRAWN = "skipped, withdrawn"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True)
class FileResult:
    """What became of one file.

    Attributes:
        name: name in the ledger.
        outcome: what became of it.
        load: its row of the ledger, of a withdrawn file as it was; None when it did not land.
        reasons: rejected rows by reason, of this load only.
        problem: why it did not land; empty when it did.
        taken_back: what it took away in replacing an earlier content; false where that is nothing.
    """

    name: str
    outcome: Outcome
    load: Load | None = None
    reasons: Mapping[str, int] = field(default_factory=dict)
    problem: str = ""
    taken_back: TakenBack | None = None


NOT_LANDED = (Outcome.REFUSED, Outcome.FAILED)
DRY_RUN = "dry_run"  # event that says that nothing is written
EXIT_FAILED = 1
EXIT_REJECTED_ROWS = 3
_NEW = (Outcome.LANDED, Outcome.REPLACED)
_MOST_PARTS = 5  # pairs of files with options of the same lines that are named


def exit_code(results: Iterable[FileResult]) -> int:
    """0 when all landed, 1 when a file was refused or failed, 3 when rows were rejected."""
    found = list(results)
    if any(result.outcome in NOT_LANDED for result in found):
        return EXIT_FAILED
    return EXIT_REJECTED_ROWS if any(result.reasons for result in found) else 0


@dataclass(frozen=True)
class LoadOptions:
    """How to load.

    Attributes:
        replace: take every file with a known name and new content as a correction, whatever that takes away.
        again: load withdrawn files again.
        dry_run: only report what would happen, and write nothing.
        alone: refuse a warehouse that holds other files than those of this load.
        keeps_card_hash: whether there is a key to hash card numbers with.
        archives: limits of what compressed files may expand to.
    """

    replace: bool = False
    again: bool = False
    dry_run: bool = False
    alone: bool = False
    keeps_card_hash: bool = True
    archives: ArchiveLimits = USUAL_LIMITS


class LoadService:
    """Loads sales files into a warehouse, one after the other.

    Args:
        warehouse: where they land.
        reader: any DuckDB connection, to inspect files with.
        s3: makes the S3 client when a source is on S3.
        now: gives the time, UTC without a zone.
        tell: called with every event.
    """

    def __init__(
        self,
        warehouse: Warehouse,
        reader: duckdb.DuckDBPyConnection,
        s3: "Callable[[], S3Client]",
        now: Callable[[], datetime],
        tell: Listener,
    ) -> None:
        self._warehouse = warehouse
        self._reader = reader
        self._s3 = s3
        self._now = now
        self._tell = tell
        self._ledger: dict[str, Load] = {}
        self._withdrawals: dict[str, list[Withdrawal]] = {}
        self._set_aside: list[SetAside] = []
        self._to_read_again: set[int] = set()
        self._versions: dict[int, str] = {}
        self._versions_read: dict[int, str] = {}
        self._kinds: dict[str, Table | None] = {}
        self._may_land_options = False

    def run(
        self,
        wanted: Sequence[str],
        options: LoadOptions,
        progress: Progress = iter,
    ) -> list[FileResult]:
        """Load all sales files of some files, folders and S3 prefixes.

        Args:
            wanted: paths of files and folders, and S3 addresses.
            options: how to load.
            progress: hands the files out one by one, and may show the progress.

        Raises:
            UsageError: a source can never be loaded.
            LoaderError: nothing was loaded, for a reason that affects all files.
        """
        if options.dry_run:
            message = "Dry run: this is what would happen. Nothing was written."
            self._tell(Event(Level.INFO, DRY_RUN, message))
        found = search.find(wanted, self._s3)
        for one in found.skipped:
            message = f"{one.name}: skipped, {one.why}."
            self._tell(Event(Level.INFO, "file_skipped", message, {"file": one.name}))
        self._ledger = {load.file_name: load for load in self._warehouse.loads()}
        self._withdrawals = {}
        for withdrawal in self._warehouse.withdrawals():
            self._withdrawals.setdefault(withdrawal.load.file_name, []).append(withdrawal)
        self._set_aside = self._warehouse.set_aside_rows()
        self._to_read_again = self._lacking_rows()
        self._versions, self._versions_read = self._warehouse.versions(), {}
        files = [_as_withdrawn(file, self._withdrawals) if options.again else file for file in found.files]
        if options.alone:
            _refuse_company(self._ledger, files)
        batch_id = max((load.batch_id for load in self._ledger.values()), default=0) + 1
        results = self._load_all(files, options, batch_id, progress)
        if not options.dry_run:
            self._warn_of_parts(results)
            if self._versions_read:
                self._warehouse.save_versions(self._versions_read)
            self._warn_of_lost_hashes(results, options)
        return results

    def _load_all(
        self, files: Sequence[SalesFile], options: LoadOptions, batch_id: int, progress: Progress
    ) -> list[FileResult]:
        """Load files in order; files of options wait until the items of their delivery have landed."""
        results: dict[str, FileResult] = {}
        self._may_land_options = False
        for file in progress(files):
            if result := self._load(file, options, batch_id):
                results[file.name] = result
        lacking = [name for name, result in results.items() if self._lacks_items(result)]
        waiting = [file for file in files if file.name not in results]
        self._may_land_options = True
        for file in progress(waiting) if waiting else ():
            items = next((name for name in lacking if _is_one_delivery(name, file.name)), None)
            result = self._without_items(file, items) if items else self._load(file, options, batch_id)
            results |= {file.name: result} if result else {}
        return [results[file.name] for file in files]

    def _lacking_rows(self) -> set[int]:
        """Loads with a row that was set aside and no longer is."""
        decided = {(one.file_name, one.sha256, one.row_number) for one in self._set_aside}
        rows = self._warehouse.set_aside_by_load()
        return {
            load.load_id
            for load in self._ledger.values()
            for row in rows.get(load.load_id, ())
            if (load.file_name, load.sha256, row) not in decided
        }

    def _lacks_items(self, result: FileResult) -> bool:
        if result.outcome not in NOT_LANDED:
            return False
        kind = self._kinds.get(result.name)
        base = PurePosixPath(result.name).name.lower()
        return kind is ORDER_ITEMS or (kind is None and "item" in base and "option" not in base)

    def _without_items(self, file: SalesFile, items: str) -> FileResult:
        problem = (
            f"{items}, the items of the same delivery, did not land, and options without them count nowhere. "
            f"Correct {items} and run the same command again: then both land."
        )
        return self._not_landed(file, Outcome.REFUSED, problem)

    def _load(self, file: SalesFile, options: LoadOptions, batch_id: int) -> FileResult | None:
        try:
            version = file.version()
            skipped = version and self._skip(
                file, options, lambda load: self._versions.get(load.load_id) == version
            )
            if skipped:
                return skipped
            with file.on_disk() as on_disk:
                result = self._land_unless_known(on_disk, options, batch_id)
            if result and result.load and version:
                self._versions_read[result.load.load_id] = version
            return result
        except WarehouseUnavailableError:
            raise
        except RefusedFileError as error:
            return self._not_landed(file, Outcome.REFUSED, str(error))
        except LoaderError as error:
            return self._not_landed(file, Outcome.FAILED, str(error))
        except OSError as error:
            return self._not_landed(file, Outcome.FAILED, f"the file cannot be read: {error.strerror}.")

    def _skip(
        self, file: SalesFile, options: LoadOptions, is_same: Callable[[Load], bool]
    ) -> FileResult | None:
        """Skip a file whose content is in the warehouse, or was withdrawn from it; None for any other one."""
        held = self._ledger.get(file.name)
        if held and held.load_id not in self._to_read_again and is_same(held):
            return self._skipped(file, held)
        withdrawals = () if options.again else self._withdrawals.get(file.name, ())
        withdrawal = next((one for one in withdrawals if is_same(one.load)), None)
        return self._skipped_withdrawn(file, withdrawal) if withdrawal else None

    def _land_unless_known(self, file: SourceFile, options: LoadOptions, batch_id: int) -> FileResult | None:
        replaces = self._ledger.get(file.name)
        if replaces or file.name in self._withdrawals:
            sha256 = sha256_of(file)
            if skipped := self._skip(file, options, lambda load: load.sha256 == sha256):
                return skipped
        inspection = inspect(file, options.archives)
        kind = self._kinds[file.name] = self._kind(file)
        if kind is ORDER_ITEM_OPTIONS and not self._may_land_options:
            return None
        layout = self._layout(file, inspection)
        decisions = [one for one in self._set_aside if one.file_name == file.name]
        kept = frozenset(one.row_number for one in decisions if one.sha256 == inspection.sha256)
        incoming = Incoming(file, layout, inspection, batch_id, self._now(), replaces, options.replace, kept)
        try:
            land = self._warehouse.rehearse if options.dry_run else self._warehouse.land
            landed = land(incoming)
        except LoadedMeanwhileError:
            held = {load.file_name: load for load in self._warehouse.loads()}.get(file.name)
            if held is None or held.sha256 != inspection.sha256:
                raise
            return self._skipped(file, held)
        self._ledger[file.name] = landed.load
        self._warn(file, layout, landed, _twin(self._ledger.values(), landed.load))
        self._warn_of_dropped(file, [one for one in decisions if one.sha256 != inspection.sha256])
        outcome = Outcome.REPLACED if replaces else Outcome.LANDED
        return self._landed(file, outcome, landed)

    def _kind(self, file: SourceFile) -> Table | None:
        with suppress(RefusedFileError):
            return header.kind_of(csv_reader.header_cells(self._reader, file) or ())
        return None

    def _layout(self, file: SourceFile, inspection: Inspection) -> Layout:
        """Kind and columns of a file, from its header."""
        if inspection.nul_line is not None:
            raise _binary(f"line {inspection.nul_line}")
        cells = csv_reader.header_cells(self._reader, file)
        if cells is None or not "".join(cells).strip(WHITE_SPACE):
            raise empty_file()
        layout = header.recognise(cells)
        if inspection.is_opaque:
            row = csv_reader.first_row_with_nul(self._reader, file, layout.width)
            if row is not None:
                raise _binary(f"row {row}")
        return layout

    def _warn(self, file: SourceFile, layout: Layout, landed: Landed, twin: Load | None) -> None:
        warnings: dict[str, str] = {}
        if file.compression != compression_of(file.name):
            kind = "plain text" if file.compression == "none" else f"{file.compression} data"
            warnings["other_compression"] = f"it is {kind}, whatever its name says, and was read as that."
        if layout.extras:
            names = ", ".join(quoted(name) if name else "(no name)" for name in layout.extras)
            warnings["extra_columns"] = f"columns that are not loaded: {names}."
        if landed.load.rows_read == 0:
            warnings["no_rows"] = "the file holds no rows, only a header."
        elif twin:
            warnings["same_content"] = (
                f"same content as {twin.file_name} (load {twin.load_id}). "
                "Both are in the warehouse, and the later one counts. If the file was moved, "
                f"`sales-loader withdraw {_as_argument(twin.file_name)}` takes the old one back."
            )
        for name, message in warnings.items():
            self._tell(Event(Level.WARNING, name, f"{file.name}: {message}", {"file": file.name}))
        if taken_back := landed.taken_back:
            message = f"{file.name}: the new content takes back {taken_back} of the earlier one."
            fields = {"file": file.name, "taken_back": taken_back.facts()}
            self._tell(Event(Level.WARNING, "taken_back", message, fields))

    def _warn_of_dropped(self, file: SourceFile, dropped: Sequence[SetAside]) -> None:
        if not dropped:
            return
        rows = ", ".join(f"{one.row_number} ({one.reason})" for one in dropped)
        message = (
            f"{file.name}: rows that were set aside in its earlier content: {rows}. The new content is taken "
            "as it is; `sales-loader reject` sets rows of it aside."
        )
        fields = {"file": file.name, "rows": [one.row_number for one in dropped]}
        self._tell(Event(Level.WARNING, "set_aside_dropped", message, fields))

    def _warn_of_parts(self, results: Iterable[FileResult]) -> None:
        names = {
            result.load.load_id: result.name
            for result in results
            if result.load and result.load.table_name == ORDER_ITEM_OPTIONS.name and result.outcome in _NEW
        }
        shared = self._warehouse.shared_option_lines(list(names)) if len(names) > 1 else []
        for one in shared[:_MOST_PARTS]:
            earlier, later = names[one.earlier_load_id], names[one.later_load_id]
            message = (
                f"{later}: the options of {counted(one.lines, 'order line')} stand in {earlier} too. "
                f"Those of {later} count, those of {earlier} do not. If both are parts of one export, join "
                f"them in one file under the name of {earlier} and load it."
            )
            fields = {"file": later, "other_file": earlier, "lines": one.lines}
            self._tell(Event(Level.WARNING, "options_in_parts", message, fields))
        if len(shared) > _MOST_PARTS:
            message = (
                f"{len(shared) - _MOST_PARTS:,} more pairs of files hold options of the same order lines."
            )
            self._tell(Event(Level.WARNING, "options_in_parts", message))

    def _warn_of_lost_hashes(self, results: Iterable[FileResult], options: LoadOptions) -> None:
        names_items = any(
            result.load and result.load.table_name == ORDER_ITEMS.name and result.outcome in _NEW
            for result in results
        )
        if names_items and not options.keeps_card_hash:
            message = (
                "CARD_HASH_KEY is not set: printed_card_number_hash is null in the rows just loaded. "
                "Card numbers are never kept otherwise."
            )
            self._tell(Event(Level.WARNING, "no_card_hash_key", message))

    def _landed(self, file: SourceFile, outcome: Outcome, landed: Landed) -> FileResult:
        load = landed.load
        fields = _facts(load) | {"reasons": dict(landed.reasons)}
        level = Level.WARNING if load.rows_rejected else Level.INFO
        self._tell(Event(level, f"file_{outcome.name.lower()}", fields=fields))
        return FileResult(file.name, outcome, load, landed.reasons, taken_back=landed.taken_back)

    def _skipped(self, file: SalesFile, load: Load) -> FileResult:
        self._tell(Event(Level.INFO, "file_unchanged", fields=_facts(load)))
        return FileResult(file.name, Outcome.SKIPPED, load)

    def _skipped_withdrawn(self, file: SalesFile, withdrawal: Withdrawal) -> FileResult:
        when = withdrawal.withdrawn_at.isoformat(" ", "minutes")
        message = (
            f"{file.name}: skipped, as it was withdrawn on {when} UTC and its content is the same. "
            f"`sales-loader load --again {shlex.quote(file.place)}` loads it again."
        )
        self._tell(Event(Level.INFO, "file_withdrawn", message, _facts(withdrawal.load)))
        return FileResult(file.name, Outcome.WITHDRAWN, withdrawal.load)

    def _not_landed(self, file: SalesFile, outcome: Outcome, reason: str) -> FileResult:
        message = f"{file.name}: {outcome.value}: {reason}"
        fields = {"file": file.name, "reason": reason}
        self._tell(Event(Level.ERROR, f"file_{outcome.name.lower()}", message, fields))
        return FileResult(file.name, outcome, problem=reason)


def _binary(place: str) -> RefusedFileError:
    return RefusedFileError(
        f"{place} holds a NUL byte: the file is binary or damaged. Export it again as CSV in UTF-8."
    )


def _refuse_company(held: Iterable[str], incoming: Iterable[SalesFile]) -> None:
    others = sorted(set(held) - {file.name for file in incoming})
    if others:
        raise LoaderError(
            f"This warehouse holds other data: {', '.join(others[:3])}{' …' if len(others) > 3 else ''}. "
            "Nothing was loaded. Name another file with --database, or leave out --alone."
        )


def _as_withdrawn(file: SalesFile, withdrawn: Iterable[str]) -> SalesFile:
    """The file under the name it was withdrawn under, which may hold folders above SOURCE."""
    names = (name for name in withdrawn if f"/{file.place}".endswith(f"/{name}"))
    renamed: SalesFile = replace(cast(Any, file), name=max(names, key=len, default=file.name))
    return renamed


def _is_one_delivery(name: str, other: str) -> bool:
    """Whether two files lie in one folder and the numbers in their names, such as a date, do not differ."""
    paths = PurePosixPath(name), PurePosixPath(other)
    numbers = (re.findall(r"\d+", path.name) for path in paths)
    return paths[0].parent == paths[1].parent and all(a == b for a, b in zip(*numbers, strict=False))


def _twin(loads: Iterable[Load], landed: Load) -> Load | None:
    same = (load for load in loads if load.sha256 == landed.sha256 and load.file_name != landed.file_name)
    return next(same, None)


def _as_argument(name: str) -> str:
    """A name as a shell takes it for an argument that is no option."""
    return f"{'-- ' if name.startswith('-') else ''}{shlex.quote(name)}"


def _facts(load: Load) -> dict[str, object]:
    dates = (load.first_business_date, load.last_business_date)
    return {
        "file": load.file_name,
        "table": load.table_name,
        "load_id": load.load_id,
        "batch_id": load.batch_id,
        "rows_read": load.rows_read,
        "rows_landed": load.rows_landed,
        "rows_rejected": load.rows_rejected,
        "business_dates": [None if date is None else str(date) for date in dates],
    }
