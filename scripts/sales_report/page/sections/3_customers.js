const TIERS = [
  { tier: "High", colour: "var(--accent)", onColour: "var(--on-accent)" },
  { tier: "Medium", colour: "var(--accent-3)", onColour: "var(--ink)" },
  { tier: "Low", colour: "var(--grey)", onColour: "var(--on-bright)" },
];
const MONTHS_SHOWN = 12;
const OFF = 0.15; // an estimate that was further off in the past is not to be taken as it is

// What customers can be expected to bring, for as many months as the data allow an estimate of.
function estimateOf(view) {
  const months = [12, 3].find((one) => sum(view.data.customer_tiers, `customer_count_${one}m`) > 0);
  return months && { months, expected: (rows) => sum(rows, `expected_revenue_${months}m`) };
}

section({
  id: "customers",
  tag: "Customer value",
  title: "Who are the most valuable customers?",
  draw(view) {
    const rows = view.rows("customer_tiers");
    const estimate = estimateOf(view);
    const tiers = TIERS.map((one) => total(one.tier, rows.filter((row) => row.clv_tier === one.tier), estimate));
    return {
      answer: answer(view, tiers, total("All", rows, estimate), estimate),
      figures: rows.length ? [values(view, tiers, total("All", rows, estimate), estimate), cohorts(view)] : [],
      reading: [
        `Customers count at the restaurant of their first order. High is the best ${share(view, "clv_high_share")} of all`,
        `customers of the company by what they spent so far, Low the last ${share(view, "clv_low_share")}; equal customers`,
        "are never split. What can be expected comes from what customers with as many orders and as long a silence did in",
        `the past${view.data.expected_value_backtest.length ? `: ${backtest(view, "the same estimate")}` : "."}`,
        "Customers of the data's first half year may have ordered before it began, and look more loyal than new ones.",
        "Guests, who order without an account, are in no figure about customers.",
      ].join(" "),
    };
  },
});

const share = (view, setting) => percent(view.company.settings[setting], 1);

const total = (name, rows, estimate) => ({
  name,
  customers: sum(rows, "customer_count"),
  revenue: sum(rows, "lifetime_revenue"),
  expected: estimate ? estimate.expected(rows) : null,
});

function answer(view, [high], all, estimate) {
  if (!all.customers) return [say`No customer with an account has ${view.isAll ? "ordered yet" : "first ordered here"}.`];
  const best = `best ${share(view, "clv_high_share")}`;
  const brought = say`${strong(percent(high.revenue, all.revenue))} of what ${view.isAll ? "all customers" : "they all"} spent so far`;
  const each = say`, ${money(average(high.revenue, high.customers))} each.`;
  const first = view.isAll
    ? high.customers
      ? say`${strong(count(high.customers))} of ${count(all.customers)} customers, the ${best}, brought ${brought}${each}`
      : say`So many of the ${count(all.customers)} customers spent the same that no ${best} stands out.`
    : high.customers
      ? say`Of ${plural(all.customers, "customer")} who first ordered here, ${strong(count(high.customers))} belong to the company's ${best}. They brought ${brought}${each}`
      : say`None of the ${plural(all.customers, "customer")} who first ordered here belongs to the company's ${best}.`;
  return [first, expectation(view, all, estimate)];
}

function expectation(view, all, estimate) {
  if (!estimate) return say`What they will bring cannot be estimated yet: that takes some months of customers who come again.`;
  const past = view.data.expected_value_backtest.at(-1);
  const wasRight = past && Math.abs(past.predicted_revenue - past.actual_revenue) <= OFF * past.actual_revenue;
  return [
    ...say`From ${view.isAll ? "today's" : "these"} customers together, ${strong(money(all.expected))} can be expected in the next ${estimate.months} months.`,
    past && !wasRight ? ` Take it with care: ${backtest(view, "it")}` : "",
  ];
}

function backtest({ data }, estimate) {
  const past = data.expected_value_backtest.at(-1);
  return past
    ? `on ${date(past.cutoff_date)} ${estimate} expected ${money(past.predicted_revenue)} from all customers in`
        + ` ${past.horizon_months} months, and ${money(past.actual_revenue)} came.`
    : "";
}

function values(view, tiers, all, estimate) {
  const bars = [
    { name: "Customers", column: "customers" },
    { name: "Revenue so far", column: "revenue" },
    ...(estimate ? [{ name: `Next ${estimate.months} months`, column: "expected" }] : []),
  ];
  const parts = TIERS.map((one, place) => ({ ...one, ...tiers[place] }));
  return {
    title: "Customers and what they bring, by value",
    tag: `as of ${date(view.company.as_of)}`,
    wide: true,
    legend: TIERS.map((one) => ({ text: `${one.tier} value`, colour: one.colour })),
    draw: (width) => shares("Customers, their revenue so far and their expected revenue by value", width, bars, parts),
    table: {
      columns: [
        { head: "Value", value: (row) => row.name },
        { head: "Customers", value: (row) => count(row.customers), number: true },
        { head: "of all", value: (row) => percent(row.customers, all.customers, 1), number: true },
        { head: "Revenue so far", value: (row) => moneyExact(row.revenue), number: true },
        { head: "of all", value: (row) => percent(row.revenue, all.revenue, 1), number: true },
        { head: "a customer", value: (row) => exactAverage(row.revenue, row.customers), number: true },
        ...(estimate
          ? [
              { head: `Expected, ${estimate.months} months`, value: (row) => moneyExact(row.expected), number: true },
              { head: "of all", value: (row) => percent(row.expected, all.expected, 1), number: true },
            ]
          : []),
      ],
      rows: [...tiers, all],
    },
  };
}

function cohorts(view) {
  const { data } = view;
  const byMonth = [...d3.group(data.customer_cohorts, (row) => row.cohort_month)].map(([cohort, rows]) => ({
    cohort,
    customers: rows[0].customer_count,
    rows: rows.filter((row) => row.months_since_first > 0 && row.months_since_first <= MONTHS_SHOWN),
    last: rows.at(-1),
  }));
  const shown = byMonth.filter((one) => one.rows.length).slice(-MONTHS_SHOWN);
  const cells = shown.flatMap((one) => one.rows);
  const largest = d3.max(cells, (row) => row.active_customer_count / row.customer_count) || 1;
  const strength = (row) => row.active_customer_count / row.customer_count / largest;
  const name = (cohort) => month(cohort);
  return {
    title: "How many come back",
    tag: view.everywhere("all months"),
    note: comeback(byMonth),
    wide: true,
    draw: (width) =>
      cells.length
        ? plot("Percent of the customers won in a month who ordered so many months later", width, {
            marginLeft: 76,
            marginTop: 34,
            marginBottom: 4,
            height: 38 + 26 * shown.length,
            x: { domain: d3.range(1, MONTHS_SHOWN + 1), label: null, tickSize: 0, axis: "top" },
            y: { domain: shown.map((one) => name(one.cohort)), label: null, tickSize: 0 },
            marks: [
              Plot.cell(cells, {
                x: "months_since_first",
                y: (row) => name(row.cohort_month),
                fill: "var(--accent)",
                fillOpacity: (row) => 0.05 + 0.45 * strength(row), // stronger, and the number cannot be read
                inset: 1,
                rx: 2,
              }),
              Plot.text(cells, {
                x: "months_since_first",
                y: (row) => name(row.cohort_month),
                text: (row) => percent(row.active_customer_count, row.customer_count, 0).replace("%", ""),
                fill: "var(--ink)",
              }),
            ],
          })
        : element("p", { class: "note" }, "This appears once the month after the first complete one has ended."),
    table: byMonth.length
      ? {
          columns: [
            { head: "First order", value: (row) => name(row.cohort) },
            { head: "Customers", value: (row) => count(row.customers), number: true },
            { head: "spent so far, each", value: (row) => exactAverage(row.last.cumulative_net_revenue, row.customers), number: true },
            { head: "ordered again", value: (row) => percent(row.last.repeat_customer_count, row.customers, 1), number: true },
            ...d3.range(1, MONTHS_SHOWN + 1).map((later) => ({
              head: `${later} later`,
              value: (row) => row.rows[later - 1] && percent(row.rows[later - 1].active_customer_count, row.customers, 1),
              number: true,
            })),
          ],
          rows: byMonth,
        }
      : null,
  };
}

// What the latest cohort did that is old enough, of those whose size says something.
function comeback(byMonth) {
  const explained = "Of the customers won in a month, how many of 100 ordered so many months later.";
  const [third] = byMonth.flatMap((one) => one.rows.filter((row) => row.months_since_first === 3)).slice(-1);
  return third && third.customer_count
    ? `${explained} Of the ${count(third.customer_count)} won in ${month(third.cohort_month)},` +
        ` ${percent(third.repeat_customer_count, third.customer_count, 1)} had ordered again by the third month after.`
    : explained;
}
