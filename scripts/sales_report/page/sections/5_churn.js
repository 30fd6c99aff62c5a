const GAPS = [
  { gap: "usual", name: "within twice their usual gap", colour: "var(--accent)" },
  { gap: "overdue", name: "overdue: beyond it", colour: "var(--warm)" },
  { gap: "unknown", name: "too few orders to tell", colour: "var(--grey)" },
];
const JUST_SILENT = 3;

// Bands by recency score, which follow the days of risk; 0 is over a year. The latest orders first.
function bandsOf({ company }) {
  const limit = company.settings.churn_at_risk_days;
  const year = Math.max(365, 4 * limit);
  const ends = [[5, Math.floor(limit / 3)], [4, limit], [3, 2 * limit], [2, 4 * limit], [1, year], [0, null]];
  return ends
    .map(([band, to], place) => {
      const from = place ? ends[place - 1][1] + 1 : 0;
      return { band, isAtRisk: band < 4, name: to === null ? `${from}+` : `${from}–${to}`, isThere: to === null || to >= from };
    })
    .filter((one) => one.isThere);
}

section({
  id: "churn",
  tag: "Churn",
  title: "Who is drifting away?",
  draw(view) {
    const rows = view.rows("customer_silence");
    const bands = bandsOf(view).map((band) => ({ ...band, ...total(rows.filter((row) => row.silence_band === band.band)) }));
    const limit = view.company.settings.churn_at_risk_days;
    return {
      answer: answer(view, bands, rows, limit),
      figures: rows.length ? [silence(view, bands, limit), active(view, limit)] : [],
      reading: [
        `At risk says only that a customer has not ordered for more than ${limit} days. Overdue goes by each customer's own habit:`,
        "silent for more than twice the days that usually lie between their orders; it takes orders on three days to tell.",
        "Both describe what was, and predict nothing. Customers count at the restaurant of their first order.",
      ].join(" "),
    };
  },
});

const total = (rows) => ({
  customers: sum(rows, "customer_count"),
  revenue: sum(rows, "lifetime_revenue"),
  halved: sum(rows, "spends_half_count"),
  ...Object.fromEntries(GAPS.map(({ gap }) => [gap, sum(rows.filter((row) => row.own_gap === gap), "customer_count")])),
});

function answer(view, bands, rows, limit) {
  const all = total(rows);
  if (!all.customers) return [say`There is no customer${view.isAll ? "" : " who first ordered here"} yet.`];
  if (daysOfData(view) <= limit + 1)
    return [say`Nobody can be at risk yet: that takes more than ${limit} days without an order, and the data begin on ${date(view.company.first_day)}.`];
  const atRisk = d3.sum(bands.filter((band) => band.isAtRisk), (band) => band.customers);
  const just = bands.find((band) => band.band === JUST_SILENT);
  const first = say`${strong(percent(atRisk, all.customers))} of ${plural(all.customers, "customer")}${view.isAll ? "" : " who first ordered here"} ${all.customers === 1 ? "has" : "have"} not ordered for more than ${limit} days.`;
  const second = just.customers
    ? say`${strong(count(just.customers))} fell silent only lately, ${just.name} days ago; they spent ${money(just.revenue)} so far. ${strong(count(just.usual))} of them are still within twice their usual gap, ${count(just.overdue)} are overdue.`
    : say`Nobody fell silent in the last ${limit} days.`;
  const third = all.halved
    ? say`Of those still active, ${strong(count(all.halved))} spent at most half of what they did in the ${spans(view)} before.`
    : [];
  return [first, second, third];
}

const spans = ({ company: { settings } }) => `${settings.churn_period_days * settings.churn_period_count} days`;

function silence(view, bands, limit) {
  const points = bands.flatMap((band) => GAPS.map((one) => ({ band: band.name, gap: one.name, customers: band[one.gap] })));
  const risky = bands.find((band) => band.isAtRisk).name;
  return {
    title: "Days since the last order",
    tag: `as of ${date(view.company.as_of)}`,
    note: `At risk from day ${limit + 1} on, right of the line.`,
    legend: GAPS.map((one) => ({ text: one.name, colour: one.colour })),
    draw: (width) =>
      plot("Customers by days since their last order", width, {
        height: 240,
        x: { domain: bands.map((band) => band.name), axis: null },
        y: { label: null },
        color: { domain: GAPS.map((one) => one.name), range: GAPS.map((one) => one.colour) },
        marks: [
          ...axisY(count),
          Plot.axisX({ tickSize: 0, label: null, fontSize: width < 400 ? 10.5 : 12 }),
          Plot.barY(points, { x: "band", y: "customers", fill: "gap", order: GAPS.map((one) => one.name), insetLeft: 3, insetRight: 3 }),
          Plot.text(bands, { x: "name", y: "customers", text: (band) => count(band.customers), dy: -8, fill: "var(--ink)" }),
          Plot.ruleX([risky], { stroke: "var(--muted)", strokeDasharray: "3,3", dx: -width / (2 * bands.length) }),
        ],
      }),
    table: {
      columns: [
        { head: "Days", value: (band) => band.name },
        { head: "Customers", value: (band) => count(band.customers), number: true },
        ...GAPS.map((one) => ({ head: one.name, value: (band) => count(band[one.gap]), number: true })),
        { head: "Revenue so far", value: (band) => moneyExact(band.revenue), number: true },
      ],
      rows: bands,
    },
  };
}

const AT_RISK = ["Lapsing", "Churn Risk"];

function active(view, limit) {
  const ends = d3.rollups(
    view.rows("customer_month_ends"),
    (rows) => ({ active: sum(rows.filter((row) => !AT_RISK.includes(row.rfm_segment)), "customer_count"), all: sum(rows, "customer_count") }),
    (row) => row.month_end_date,
  ).map(([day, customers]) => ({ day, ...customers })).sort((one, other) => one.day - other.day);
  return {
    title: "Active customers",
    tag: "all months",
    note: `At the end of each month: with an order in the last ${limit} days.`,
    draw: (width) =>
      ends.length > 1
        ? plot("Active customers at the end of each month", width, {
            height: 240,
            x: { type: "utc", label: null },
            y: { label: null, domain: [0, d3.max(ends, (row) => row.active) || 1] },
            marks: [
              ...axisY(count),
              axisDates(width, ends.map((row) => dateOf(row.day))),
              Plot.areaY(ends, { x: (row) => dateOf(row.day), y: "active", fill: "var(--soft)" }),
              Plot.lineY(ends, { x: (row) => dateOf(row.day), y: "active", stroke: "var(--accent)", strokeWidth: 2 }),
            ],
          })
        : element("p", { class: "note" }, "This appears once two months have ended."),
    table: ends.length
      ? {
          columns: [
            { head: "Month end", value: (row) => date(row.day) },
            { head: "Active", value: (row) => count(row.active), number: true },
            { head: "of all", value: (row) => percent(row.active, row.all, 1), number: true },
          ],
          rows: ends.toReversed(),
        }
      : null,
  };
}
