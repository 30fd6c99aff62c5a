const NEW = "New Customer";
const SEGMENTS = [
  { name: "VIP", colour: "var(--accent)", onColour: "var(--on-accent)", advice: "Thank them, and let them know first. They need no discount." },
  { name: "Regular", colour: "var(--accent-3)", onColour: "var(--ink)", advice: "Here lately, now and then. Keep in touch." },
  { name: NEW, colour: "var(--gold)", onColour: "var(--on-bright)", advice: "Give them a reason to come a second time." },
  { name: "Lapsing", colour: "var(--violet)", onColour: "var(--on-accent)", advice: "Came often, then fell silent. Write, the latest first." },
  { name: "Churn Risk", colour: "var(--warm)", onColour: "var(--on-accent)", advice: "Silent, and seldom here {lately}. Spend nothing extra." },
];
const JUST_SILENT = 3; // the recency score of those at risk who ordered last

section({
  id: "segments",
  tag: "Segments",
  title: "Whom should we write to, and why?",
  draw(view) {
    const rows = view.rows("customer_segments");
    const segments = SEGMENTS.map((one) => ({ ...one, ...total(one.name, rows.filter((row) => row.rfm_segment === one.name)) }));
    const all = total("All", rows);
    return {
      answer: answer(view, segments, all, rows),
      extra: all.customers ? cards(view, segments, all) : null,
      figures: all.customers ? [revenue(view, segments, all), development(view)] : [],
      reading: reading(view),
    };
  },
});

const total = (name, rows) => ({
  name,
  customers: sum(rows, "customer_count"),
  orders: sum(rows, "order_count"),
  revenue: sum(rows, "net_revenue"),
});

const inWindow = (view) => lately(view, view.company.settings.rfm_window_months);
const isYoung = (view) => daysOfData(view) <= view.company.settings.new_customer_days;
const here = (view) => (view.isAll ? "" : " who first ordered here");

function answer(view, [vip, , , lapsing], all, rows) {
  if (!all.customers) return [say`There is no customer${view.isAll ? "" : " who first ordered here"} to write to.`];
  const first = vip.customers
    ? say`${strong(plural(vip.customers, "VIP"))}, ${percent(vip.customers, all.customers)} of the customers${here(view)}, brought ${strong(percent(vip.revenue, all.revenue))} of their revenue ${inWindow(view)}.`
    : say`None of the ${plural(all.customers, "customer")}${here(view)} is a VIP.`;
  const { churn_at_risk_days: limit } = view.company.settings;
  const just = total("", rows.filter((row) => row.rfm_segment === "Lapsing" && row.recency_score === JUST_SILENT));
  const second = just.customers
    ? say`Write first to the ${strong(count(just.customers))} Lapsing who fell silent ${limit + 1} to ${2 * limit} days ago: they used to come often, and spent ${money(just.revenue)} ${inWindow(view)}.`
    : lapsing.customers
      ? say`${count(lapsing.customers)} who used to come often have been silent for more than ${2 * limit} days.`
      : say`Nobody who came often ${inWindow(view)} has fallen silent.`;
  return [first, second];
}

const cards = (view, segments, all) =>
  element("ul", { class: "cards" }, segments.map((one) => {
    const card = element("li", {},
      element("span", { class: "card-name" }, one.name),
      strong(count(one.customers)),
      element("span", {}, `${percent(one.revenue, all.revenue)} of revenue`),
      element("span", {}, one.name === NEW && isYoung(view) ? "Everybody looks new yet: the data are young." : one.advice.replace("{lately}", inWindow(view))));
    card.style.setProperty("--colour", one.colour);
    return card;
  }));

function revenue(view, segments, all) {
  return {
    title: "Customers and what they spend",
    note: `Revenue ${inWindow(view)}.`,
    legend: SEGMENTS.map((one) => ({ text: one.name, colour: one.colour })),
    draw: (width) =>
      shares("Customers and their revenue by segment", width, [
        { name: "Customers", column: "customers" },
        { name: "Revenue", column: "revenue" },
      ], segments),
    table: {
      columns: [
        { head: "Segment", value: (row) => row.name },
        { head: "Customers", value: (row) => count(row.customers), number: true },
        { head: "of all", value: (row) => percent(row.customers, all.customers, 1), number: true },
        { head: "Orders", value: (row) => count(row.orders), number: true },
        { head: "Revenue", value: (row) => moneyExact(row.revenue), number: true },
        { head: "of all", value: (row) => percent(row.revenue, all.revenue, 1), number: true },
        { head: "a customer", value: (row) => exactAverage(row.revenue, row.customers), number: true },
      ],
      rows: [...segments, all],
    },
    wide: true,
  };
}

function development(view) {
  const ends = d3.rollup(view.rows("customer_month_ends"), (rows) => sum(rows, "customer_count"), (row) => row.month_end_date, (row) => row.rfm_segment);
  const dates = [...ends.keys()].sort(d3.ascending);
  const customers = (day, name) => ends.get(day).get(name) ?? 0;
  const points = dates.flatMap((day) => SEGMENTS.map((one) => ({ day, segment: one.name, customers: customers(day, one.name) })));
  return {
    title: "How the customer base develops",
    tag: "all months",
    note: "Customers at the end of each month, by the segment that they were in.",
    legend: dates.length > 1 && SEGMENTS.map((one) => ({ text: one.name, colour: one.colour })),
    wide: true,
    draw: (width) =>
      dates.length > 1
        ? plot("Customers by segment at the end of each month", width, {
            height: 240,
            x: { type: "utc", label: null },
            y: { label: null },
            color: { domain: SEGMENTS.map((one) => one.name), range: SEGMENTS.map((one) => one.colour) },
            marks: [
              ...axisY(count),
              axisDates(width, dates.map(dateOf)),
              Plot.areaY(points, { x: (row) => dateOf(row.day), y: "customers", fill: "segment", order: SEGMENTS.map((one) => one.name) }),
            ],
          })
        : element("p", { class: "note" }, "This appears once two months have ended."),
    table: dates.length
      ? {
          columns: [
            { head: "Month end", value: date },
            ...SEGMENTS.map((one) => ({ head: one.name, value: (day) => count(customers(day, one.name)), number: true })),
          ],
          rows: dates.toReversed(),
        }
      : null,
  };
}

function reading(view) {
  const { churn_at_risk_days: limit, new_customer_days: fresh, rfm_low_score: low, rfm_high_score: high } = view.company.settings;
  return [
    `Customers are scored 1 to 5 on how often they ordered and how much they spent ${inWindow(view)}, beside all`,
    `customers of the company. VIP: an order in the last ${limit} days and ${high} or more on both. New Customer: the same, seldom yet,`,
    `and the first order at most ${fresh} days ago. Lapsing and Churn Risk: no order for more than ${limit} days; Churn Risk`,
    `are those with ${low} or less for how often. A segment describes; it does not predict.`,
    youngData(view),
    "Customers count at the restaurant of their first order.",
  ].join(" ");
}

const youngData = (view) =>
  isYoung(view)
    ? `The data begin on ${date(view.company.first_day)}: for ${view.company.settings.new_customer_days} days every first order in them looks like a new customer's.`
    : "";
