const SILENT_DAYS = 7;
const UNREAD = "rejected_";
// What is no fault, but explains a figure; everything else that was found is said first.
const ON_PURPOSE = ["excluded_app_orders", "excluded_customer_orders", "other_currency_lines"];

section({
  id: "trust",
  tag: "Trust",
  title: "Can these figures be trusted?",
  withoutOrders: true,
  draw(view) {
    const checks = view.data.data_quality;
    const found = checks.filter((check) => check.row_count > 0);
    return {
      answer: [readable(checks), leftOut(found), quiet(view)],
      figures: [whatWasFound(view, checks, found), lastOrders(view)],
      reading:
        "What could not be read, came more than once or waits for its order line is counted over all files; everything else up to "
        + "the day that the figures describe. A number above zero is not always a fault: guests, and a few refunds, are normal. "
        + "Rows that could not be read are kept with their reason: sales-loader rejects lists them.",
    };
  },
});

const countOf = (checks, name) => checks.find((check) => check.check_name === name)?.row_count ?? 0;

function readable(checks) {
  const unread = (kind) => sum(checks.filter((check) => check.check_name.startsWith(UNREAD + kind)), "row_count");
  const [items, options] = [unread("items"), unread("options")];
  if (!items && !options) return say`${strong("Every row")} that arrived could be read.`;
  const parts = [
    items ? say`${strong(plural(items, "order line"))}` : null,
    options ? say`${strong(plural(options, "option"))}` : null,
  ].filter(Boolean);
  return [...parts[0], ...(parts[1] ? [" and ", ...parts[1]] : []), ` could not be used, and ${items + options === 1 ? "is" : "are"} in no figure.`];
}

function leftOut(found) {
  const named = {
    excluded_app_orders: "order of excluded apps|orders of excluded apps",
    other_currency_lines: "order line in another currency|order lines in other currencies",
  };
  const parts = found
    .filter((check) => named[check.check_name])
    .map((check) => `${plural(check.row_count, ...named[check.check_name].split("|"))} (${money(check.revenue_affected)})`);
  const guests = countOf(found, "guest_orders");
  return [
    ...(parts.length ? [`Left out on purpose: ${parts.join(" and ")}. `] : []),
    ...(guests ? [`${plural(guests, "order")} came from guests: they are sales, and in no figure about customers.`] : []),
  ];
}

const silent = ({ places, company }) => places.filter((place) => company.as_of - place.last_order_date > SILENT_DAYS);

function quiet(view) {
  const places = silent(view);
  if (!places.length || !view.company.has_detail) return [];
  return places.length === 1
    ? say`${strong(places[0].name)} has had no order since ${date(places[0].last_order_date)}: it is closed, or its files are missing.`
    : say`${strong(count(places.length))} restaurants have had no order for more than ${SILENT_DAYS} days: they are closed, or their files are missing.`;
}

function whatWasFound(view, checks, found) {
  const columns = [
    { head: "Check", value: (check) => check.check_name.replaceAll("_", " ") },
    { head: "Rows", value: (check) => count(check.row_count), number: true },
    { head: "Revenue", value: (check) => (check.revenue_affected ? moneyExact(check.revenue_affected) : null), number: true },
    { head: "What it means", value: (check) => check.description },
  ];
  const order = (check) => (check.check_name.startsWith(UNREAD) ? 0 : ON_PURPOSE.includes(check.check_name) ? 1 : 2);
  return {
    title: "What was found in the files, and what became of it",
    tag: view.everywhere(),
    wide: true,
    draw: () =>
      found.length
        ? element("ul", { class: "findings" }, found.toSorted((one, other) => order(one) - order(other)).map((check) =>
            element("li", {}, strong(count(check.row_count)),
              element("span", {}, check.description, check.revenue_affected ? ` (${money(check.revenue_affected)})` : ""))))
        : element("p", { class: "note" }, "Nothing that is worth a word."),
    table: { columns, rows: checks },
  };
}

function lastOrders(view) {
  if (!view.company.has_detail || !view.places.length) return null;
  const places = view.places.toSorted((one, other) => one.last_order_date - other.last_order_date || one.position - other.position);
  return {
    title: "Latest order of each restaurant",
    note: `The figures describe the business until ${date(view.company.as_of)}.`,
    wide: true,
    draw: () => element("p", { class: "note" },
      silent(view).length
        ? silent(view).slice(0, 20).map((place) => `${place.name}: ${date(place.last_order_date)}`).join(" · ")
        : `${places.length === 1 ? "It" : "Each"} has had an order in the last ${SILENT_DAYS} days.`),
    table: {
      columns: [
        { head: "Restaurant", value: (place) => place.name },
        { head: "First order", value: (place) => date(place.first_order_date), number: true },
        { head: "Latest order", value: (place) => date(place.last_order_date), number: true },
      ],
      rows: places,
    },
  };
}
