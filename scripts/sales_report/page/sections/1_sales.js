const MENU = {
  star: ["Star", "var(--accent)", "sold often, earn well: leave them as they are"],
  plowhorse: ["Plowhorse", "var(--gold)", "sold often, earn little: a little dearer, or cheaper to make"],
  puzzle: ["Puzzle", "var(--violet)", "sold seldom, earn well: show and recommend them"],
  dog: ["Dog", "var(--grey)", "sold seldom, earn little: ask what they are for"],
};

section({
  id: "sales",
  tag: "Sales",
  title: "What sells, when and where?",
  draw(view) {
    const hours = hoursOfWeek(view);
    const categories = bestCategories(view);
    return {
      answer: [sentence(view, categories, hours)],
      figures: [
        view.weeksOfData ? weeks(view) : null,
        heat(view, hours),
        view.weeksOfData ? bestSellers(view, categories) : null,
        menu(view),
      ],
      reading:
        "Net revenue is what customers paid, after discounts. Weeks run from Monday to Sunday, and only full weeks count, "
        + "so that a weekend more or less never looks like growth. A year before means 364 days earlier: the same weekdays. "
        + "Like for like compares only restaurants that were open, and had orders, in both years.",
    };
  },
});

const busiest = (hours) => d3.greatest(hours, (hour) => hour.net_revenue);
// Never broken between two lines.
const hourText = (hour) => `${hour}–\u2060${hour + 1}\u00a0h`;

function sentence(view, categories, hours) {
  const { now, before, comparable } = salesOf(view);
  if (view.weeksOfData === 0) return say`The data hold no full week yet.`;
  const weeks = Math.min(view.weeks, view.weeksOfData);
  const growth = change(now.revenue, before.revenue);
  const likeForLike = change(comparable.now.revenue, comparable.before.revenue);
  const peak = busiest(hours);
  return [
    ...say`${strong(money(now.revenue))} came in during the last ${count(weeks)} full weeks`,
    ...(view.hasYearBefore ? yearBefore(view, now, growth, likeForLike, comparable) : []),
    ". ",
    ...(categories.length && categories[0].net_revenue > 0 ? say`${strong(categories[0].item_category)} sells most` : []),
    ...(categories.length && categories[0].net_revenue > 0 && peak ? [", and "] : []),
    ...(peak ? say`the busiest hour is ${strong(`${WEEKDAYS[peak.iso_day_of_week - 1]} ${hourText(peak.order_hour)}`)} (latest ${count(latestDays(view, "peak_hours_window_days"))} days)` : []),
    ...(peak || categories.length ? ["."] : []),
  ];
}

function yearBefore(view, now, growth, likeForLike, comparable) {
  if (view.restaurant && isNew(view, view.restaurant) && now.orders) return [". It was not open on all of the same days a year before"];
  if (!growth) return [", and nothing in the same weeks a year before"];
  return [
    ...say`, ${strong(growth.text)} on the same weeks a year before`,
    ...(likeForLike && !comparable.isAll ? say` (${strong(likeForLike.text)} in restaurants with orders in both years)` : []),
  ];
}

// ---- Week by week

function weeks(view) {
  const series = weekly(view, Math.max(26, view.weeks)).map((week) => ({ ...week, day: dateOf(week.week_start_date) }));
  const hasBefore = series.some((week) => week.net_revenue_before !== null);
  const chosen = [{ from: dateOf(view.first), to: series.at(-1)?.day }];
  const tip = (week) =>
    `Week of ${date(week.week_start_date)}\n${moneyExact(week.net_revenue ?? 0)}`
    + (week.net_revenue_before === null ? "" : `\n${moneyExact(week.net_revenue_before)} a year before`);
  return {
    title: "Net revenue a week",
    wide: true,
    legend: [
      { text: "this year", colour: "var(--accent)" },
      hasBefore ? { text: "same week a year before", colour: "var(--muted)", kind: "dash" } : null,
      { text: "chosen period", colour: "var(--soft)" },
    ].filter(Boolean),
    draw: (width) =>
      plot("Net revenue a week, and of the same week a year before", width, {
        height: 220, marginLeft: 58, marginRight: 12,
        x: { type: "utc" }, y: { zero: true, nice: true },
        marks: [
          series.length > 1 ? Plot.rectX(chosen, { x1: "from", x2: "to", fill: "var(--soft)" }) : null,
          axisY(moneyAxis),
          axisDates(width, series.map((week) => week.day)),
          Plot.lineY(series, { x: "day", y: "net_revenue_before", stroke: "var(--muted)", strokeDasharray: "4 3" }),
          Plot.lineY(series, { x: "day", y: "net_revenue", stroke: "var(--accent)", strokeWidth: 2.2, marker: series.length < 6 ? "dot" : null }),
          Plot.tip(series, Plot.pointerX({ x: "day", y: "net_revenue", title: tip })),
        ],
      }),
    table: {
      columns: [
        { head: "week of", value: (week) => date(week.week_start_date) },
        { head: "net revenue", number: true, value: (week) => week.net_revenue === null ? null : moneyExact(week.net_revenue) },
        { head: "a year before", number: true, value: (week) => week.net_revenue_before === null ? null : moneyExact(week.net_revenue_before) },
        { head: "change", number: true, value: (week) => change(week.net_revenue, week.net_revenue_before)?.text },
        { head: "orders", number: true, value: (week) => week.order_count === null ? null : count(week.order_count) },
      ],
      rows: [...series].reverse(),
    },
  };
}

// ---- Weekday and hour

function hoursOfWeek(view) {
  return d3.rollups(
    view.rows("peak_hours"),
    (rows) => ({ net_revenue: sum(rows, "average_net_revenue"), orders: sum(rows, "average_orders") }),
    (row) => 24 * row.iso_day_of_week + row.order_hour,
  ).map(([key, sums]) => ({ iso_day_of_week: Math.floor(key / 24), order_hour: key % 24, ...sums }));
}

// The hours of a day from the end of its longest quiet stretch on, so that a night is not torn apart.
function hoursFromOpening(hours) {
  const used = new Set(hours.map((hour) => hour.order_hour));
  const quiet = (hour) => d3.range(24).find((more) => used.has((hour + more) % 24)) ?? 24;
  const start = d3.greatest(d3.range(24), quiet);
  const first = (start + quiet(start)) % 24;
  const all = d3.range(24).map((more) => (first + more) % 24);
  return all.slice(0, d3.maxIndex(all, (hour, place) => (used.has(hour) ? place : -1)) + 1);
}

function heat(view, hours) {
  const days = latestDays(view, "peak_hours_window_days");
  const columns = hoursFromOpening(hours);
  const largest = d3.max(hours, (hour) => hour.net_revenue) || 1;
  const peak = busiest(hours);
  const byKey = new Map(hours.map((hour) => [24 * hour.iso_day_of_week + hour.order_hour, hour]));
  const title = (hour) =>
    `${WEEKDAYS[hour.iso_day_of_week - 1]} ${hourText(hour.order_hour)}\n${moneyExact(hour.net_revenue)}, ${decimal(hour.orders / 100)} orders`;
  return {
    title: "Revenue by weekday and hour",
    tag: `latest ${count(days)} days`,
    note: "What the hour brings on such a day, on average. The stronger the colour, the more.",
    draw: (width) =>
      plot("Average revenue by weekday and hour", width, {
        height: 220, marginLeft: 38, marginTop: 4, marginBottom: 26, padding: 0.08,
        x: { domain: columns, type: "band" }, y: { domain: d3.range(1, 8), type: "band" },
        marks: [
          Plot.axisX({
            ticks: columns.filter((_, place) => place % (width < 420 ? 4 : 3) === 0), tickFormat: (hour) => `${hour} h`,
            ...noTicks, fill: "var(--muted)", fontSize: 12,
          }),
          Plot.axisY({ tickFormat: (day) => WEEKDAYS[day - 1], ...noTicks, fill: "var(--muted)", fontSize: 12 }),
          Plot.cell(d3.cross(d3.range(1, 8), columns), { x: "1", y: "0", fill: "var(--accent)", fillOpacity: 0.05, rx: 3 }),
          Plot.cell(hours, {
            x: "order_hour", y: "iso_day_of_week", fill: "var(--accent)", rx: 3, title, tip: true,
            fillOpacity: (hour) => 0.12 + 0.88 * Math.max(0, hour.net_revenue / largest),
          }),
          peak ? Plot.cell([peak], { x: "order_hour", y: "iso_day_of_week", stroke: "var(--warm)", strokeWidth: 2, rx: 3 }) : null,
        ],
      }),
    table: {
      columns: [
        { head: "hour", value: (hour) => hourText(hour) },
        ...WEEKDAYS.map((name, day) => ({
          head: name, number: true,
          value: (hour) => { const one = byKey.get(24 * (day + 1) + hour); return one && moneyExact(one.net_revenue); },
        })),
      ],
      rows: columns,
    },
  };
}

// ---- Categories

function bestCategories(view) {
  const names = ["item_quantity", "net_revenue", "net_revenue_before", "comparable_net_revenue", "comparable_net_revenue_before"];
  return d3.rollups(
    view.rows("sales_by_category", true),
    (rows) => Object.fromEntries(names.map((name) => [name, sum(rows, name)])),
    (row) => row.item_category,
  )
    .map(([item_category, sums]) => ({ item_category, ...sums }))
    .filter((row) => row.net_revenue !== 0 || row.net_revenue_before !== 0)
    .sort((one, other) => other.net_revenue - one.net_revenue || one.item_category.localeCompare(other.item_category));
}

function bestSellers(view, categories) {
  const { comparable } = salesOf(view);
  const isCompared = view.hasYearBefore && comparable.locations > 0;
  const grown = (row) => isCompared ? change(row.comparable_net_revenue, row.comparable_net_revenue_before) : null;
  // A mark stands for the same restaurants as its bar, or not at all.
  const marked = isCompared && comparable.isAll;
  return {
    title: categories.length > 10 ? "Ten best-selling categories" : "Categories",
    note: isCompared && !marked ? "The change is like for like: of restaurants with orders in both years." : null,
    legend: [
      { text: "chosen period", colour: "var(--accent)" },
      marked ? { text: "a year before", colour: "var(--ink)", kind: "mark" } : null,
    ].filter(Boolean),
    draw: () =>
      barList(
        categories.slice(0, 10).map((row) => ({
          name: row.item_category, value: row.net_revenue, text: moneyShort(row.net_revenue),
          mark: marked ? row.net_revenue_before : null,
          note: grown(row)?.text ?? (!isCompared ? "" : row.net_revenue_before === 0 ? "new" : "–"), sign: grown(row)?.sign,
        })),
        { heads: isCompared ? ["revenue", "change"] : ["revenue"] },
      ),
    table: {
      columns: [
        { head: "category", value: (row) => row.item_category },
        { head: "net revenue", number: true, value: (row) => moneyExact(row.net_revenue) },
        { head: "items", number: true, value: (row) => count(row.item_quantity) },
        ...(view.hasYearBefore ? [
          { head: "a year before", number: true, value: (row) => moneyExact(row.net_revenue_before) },
          { head: "like for like", number: true, value: (row) => grown(row)?.text },
        ] : []),
      ],
      rows: categories,
    },
  };
}

// ---- Menu

// From the lowest to the highest value, at least from 'low' to 'high' and at most from 'lowest' to 'highest'.
const reach = (items, column, lowest, low, high, highest) => [
  Math.max(lowest, Math.min(low, d3.min(items, (item) => item[column]))),
  Math.min(highest, Math.max(high, d3.max(items, (item) => item[column]))),
];

function menu(view) {
  const items = view.data.menu_items;
  if (!items.length) return null;
  const totals = d3.rollup(
    items,
    (rows) => ({ items: rows.length, quantity: sum(rows, "item_quantity"), profit: sum(rows, "estimated_gross_profit") }),
    (row) => row.item_category,
  );
  // How often it is sold against the average item of its category, and what a piece earns against its category.
  const placed = items.map((item) => {
    const of = totals.get(item.item_category);
    return {
      ...item,
      sold: (item.item_quantity * of.items) / of.quantity,
      earns: of.profit > 0 ? (item.estimated_gross_profit * of.quantity) / (item.item_quantity * of.profit) : 1,
    };
  });
  const kinds = d3.rollup(items, (rows) => rows.length, (row) => row.menu_class);
  const [x, y] = [reach(placed, "sold", 0.02, 0.25, 2, 20), reach(placed, "earns", 0.2, 0.7, 1.5, 5)];
  const within = (value, [low, high]) => Math.min(high, Math.max(low, value));
  const limited = placed.map((item) => ({ ...item, sold: within(item.sold, x), earns: within(item.earns, y) }));
  const ticks = (of, [low, high]) => of.filter((value) => value >= low && value <= high);
  const days = latestDays(view, "menu_window_days");
  return {
    title: "Which dishes earn their place on the menu?",
    tag: view.everywhere(`latest ${count(days)} days`),
    note: "A dot is a dish beside its own category: to the right it sells more often, higher up a piece of it earns more. "
      + `What it earns is estimated: net revenue less the food cost of its category${assumedFood(view)}.`,
    wide: true,
    legend: Object.entries(MENU).map(([kind, [name, colour, advice]]) =>
      ({ text: `${count(kinds.get(kind) ?? 0)} ${name}${kinds.get(kind) === 1 ? "" : "s"}: ${advice}`, colour })),
    draw: (width) =>
      plot("Dishes by how often they are sold and what a piece earns, beside their category", width, {
        height: 280, marginLeft: 46, marginRight: 12, marginBottom: 26,
        x: { type: "log", domain: x }, y: { type: "log", domain: y },
        marks: [
          Plot.axisX(ticks([0.02, 0.05, 0.1, 0.25, 0.7, 1, 2, 4, 10, 20], x), { tickFormat: (sold) => `×${sold}`, tickSize: 4, label: null, fill: "var(--muted)", fontSize: 12 }),
          Plot.axisY(ticks([0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5], y), { tickFormat: (earns) => `×${earns}`, ...noTicks, fill: "var(--muted)", fontSize: 12 }),
          Plot.ruleX([0.7], { stroke: "var(--line)" }),
          Plot.ruleY([1], { stroke: "var(--line)" }),
          Plot.dot(limited, {
            x: "sold", y: "earns", r: 4, fill: (item) => MENU[item.menu_class][1], fillOpacity: 0.8, tip: true,
            title: (item) => `${item.item_name}\n${item.item_category}\n${count(item.item_quantity)} sold, ${moneyExact(item.net_revenue)}`,
          }),
        ],
      }),
    table: {
      columns: [
        { head: "dish", value: (item) => item.item_name },
        { head: "category", value: (item) => item.item_category },
        { head: "class", value: (item) => MENU[item.menu_class][0] },
        { head: "sold", number: true, value: (item) => count(item.item_quantity) },
        { head: "net revenue", number: true, value: (item) => moneyExact(item.net_revenue) },
        { head: "estimated profit", number: true, value: (item) => moneyExact(item.estimated_gross_profit) },
      ],
      rows: [...items].sort((one, other) => other.net_revenue - one.net_revenue),
    },
  };
}
