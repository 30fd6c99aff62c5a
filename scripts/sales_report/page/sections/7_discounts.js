const MONTHS = 12;
const OFFERS_SHOWN = 12;

section({
  id: "discounts",
  tag: "Discounts",
  title: "Do discounts pay?",
  draw(view) {
    const months = monthsOf(view);
    const latest = latestOf(view, months);
    const { data } = view;
    const offers = data.discount_offers.map((offer) => ({ ...offer, name: offerName(offer, data.discount_offers) }));
    const isNeverUsed = !offers.length && !sum(data.discount_months, "discount_amount");
    return {
      answer: answer(view, latest, isNeverUsed),
      figures: isNeverUsed || !months.length ? [] : [months.length > 1 ? shareOfOrders(months) : null, kinds(latest), offers.length ? started(view, offers) : null],
      reading: isNeverUsed
        ? "A discount is an option with a price below zero. One that was typed in as an item is not seen here."
        : [
            foodCosts(view, latest),
            "Wages and rent are not in it. Discounted orders may be",
            "larger because large orders look for discounts. An offer is judged beside the restaurants that never gave it, on the same",
            "days; somebody chose those that did, and with few restaurants chance decides.",
          ].join(" "),
    };
  },
});

const total = (rows) => {
  const gross = sum(rows, "gross_revenue");
  const discount = sum(rows, "discount_amount");
  const cost = sum(rows, "estimated_food_cost");
  return { orders: sum(rows, "order_count"), gross, discount, net: gross - discount, cost, profit: gross - discount - cost };
};

const split = (rows) => ({
  all: total(rows),
  discounted: total(rows.filter((row) => row.is_discounted)),
  full: total(rows.filter((row) => !row.is_discounted)),
});

const monthsOf = (view) =>
  d3.groups(view.rows("discount_months"), (row) => row.month_start_date)
    .map(([day, rows]) => ({ day, isComplete: rows[0].is_complete_period, rows, ...split(rows) }))
    .sort((one, other) => one.day - other.day);

// The latest complete months, at most twelve; all days where no month is complete.
function latestOf(view, months) {
  const complete = [...new Set(view.data.discount_months.filter((row) => row.is_complete_period).map((row) => row.month_start_date))]
    .sort((one, other) => one - other)
    .slice(-MONTHS);
  const chosen = complete.length ? months.filter((one) => complete.includes(one.day)) : months;
  return {
    words: complete.length ? (complete.length > 1 ? `last ${complete.length} full months` : "last full month") : "days so far",
    ...split(chosen.flatMap((one) => one.rows)),
  };
}

function foodCosts(view, { all }) {
  if (!view.company.has_food_costs) return `What is left is the price less food${assumedFood(view)}.`;
  const cost = all.gross ? `${percent(all.cost, all.gross)} of the price before discounts: ` : "";
  const assumed = percent(view.company.settings.default_food_cost_rate, 1);
  return `Food is taken to cost ${cost}what the company's list of food costs says, and ${assumed} where it says nothing.`;
}

function answer(view, { words, all, discounted, full }, isNeverUsed) {
  if (isNeverUsed) return [say`No order had a discount.`];
  if (!discounted.orders) return [say`In the ${words} no order${view.isAll ? "" : " here"} had a discount.`];
  const given = say`In the ${words}, ${strong(percent(discounted.orders, all.orders))} of ${view.isAll ? "orders" : "orders here"} had a discount, of ${percent(discounted.discount, discounted.gross)} on average: ${strong(money(discounted.discount))} given away.`;
  const left = percent(discounted.profit, discounted.net);
  const kept = say`After food${assumedFood(view)}, ${strong(left)} of a discounted order is left${full.orders ? `, of one at full price ${percent(full.profit, full.net)}` : ""}.`;
  const even = discounted.profit > 0
    ? say`They pay for themselves only with ${strong(percent(discounted.discount, discounted.profit))} more such orders than there would be without.`
    : say`They cannot pay for themselves: nothing is left after food.`;
  return [given, [...kept, " ", ...even]];
}

function shareOfOrders(months) {
  const share = (one) => one.discounted.orders / one.all.orders;
  const digits = d3.max(months, share) < 0.04 ? 1 : 0;
  return {
    title: "Orders with a discount",
    tag: "all months",
    note: "Share of all orders, by month.",
    draw: (width) =>
      plot("Share of orders with a discount by month", width, {
        height: 220,
        x: { type: "utc", label: null },
        y: { label: null, zero: true, nice: true },
        marks: [
          ...axisY((value) => percent(value, 1, digits)),
          axisDates(width, months.map((one) => dateOf(one.day))),
          Plot.rectY(months, {
            x1: (one) => dateOf(one.day),
            x2: (one) => d3.utcMonth.offset(dateOf(one.day), 1),
            y: share,
            fill: "var(--gold)",
            fillOpacity: (one) => (one.isComplete ? 1 : 0.5),
            insetLeft: 1,
            insetRight: 1,
          }),
        ],
      }),
    table: {
      columns: [
        { head: "Month", value: (one) => `${month(one.day)}${one.isComplete ? "" : ", not full"}` },
        { head: "Orders", value: (one) => count(one.all.orders), number: true },
        { head: "with a discount", value: (one) => count(one.discounted.orders), number: true },
        { head: "of all", value: (one) => percent(one.discounted.orders, one.all.orders, 1), number: true },
        { head: "Given away", value: (one) => moneyExact(one.discounted.discount), number: true },
        { head: "of their price", value: (one) => percent(one.discounted.discount, one.discounted.gross, 1), number: true },
      ],
      rows: months.toReversed(),
    },
  };
}

// The group too, where two offers have the same name.
const offerName = (offer, offers) =>
  offers.filter((other) => other.option_name === offer.option_name).length > 1
    ? `${offer.option_group_name}: ${offer.option_name}`
    : offer.option_name;

function started(view, offers) {
  const judged = offers
    .filter((offer) => offer.excess_order_change_points !== null)
    .sort((one, other) => other.discounted_order_count - one.discounted_order_count)
    .slice(0, OFFERS_SHOWN)
    .sort((one, other) => other.excess_order_change_points - one.excess_order_change_points);
  const best = offers.toSorted((one, other) => other.discounted_order_count - one.discounted_order_count);
  return {
    title: "Orders after an offer began",
    tag: view.everywhere(),
    note: "Change of all orders where it was given, against the change where it never was, on the same days.",
    wide: true,
    legend: judged.length
      ? [
          { text: "restaurants with the offer", colour: "var(--gold)" },
          { text: "restaurants without", colour: "var(--grey)" },
        ]
      : null,
    draw: (width) =>
      judged.length
        ? dumbbells("Change of orders after an offer began", width, judged)
        : element("p", { class: "note" }, "No offer has full weeks before and after its start, and restaurants without it to compare with."),
    table: {
      columns: [
        { head: "Offer", value: (offer) => offer.name },
        { head: "began", value: (offer) => date(offer.first_used_date), number: true },
        { head: "last used", value: (offer) => date(offer.last_used_date), number: true },
        { head: "orders with it", value: (offer) => count(offer.discounted_order_count), number: true },
        { head: "restaurants", value: (offer) => count(offer.window_location_count), number: true },
        { head: "without it", value: (offer) => count(offer.control_location_count), number: true },
        { head: "orders before", value: (offer) => count(offer.order_count_before), number: true },
        { head: "after", value: (offer) => count(offer.order_count_after), number: true },
        { head: "change", value: (offer) => signed(offer.order_count_change_pct), number: true },
        { head: "without it", value: (offer) => signed(offer.control_order_count_change_pct), number: true },
        { head: "points more", value: (offer) => signed(offer.excess_order_change_points, ""), number: true },
        { head: "orders with it after", value: (offer) => offer.discounted_order_share_after_pct === null ? null : percent(offer.discounted_order_share_after_pct, 10000, 1), number: true },
        { head: "revenue", value: (offer) => signed(offer.net_revenue_change_pct), number: true },
      ],
      rows: best,
    },
  };
}

function dumbbells(label, width, offers) {
  const change = (column) => (offer) => offer[column] / 10000;
  const isNarrow = width < 420;
  return plot(label, width, {
    height: 26 * offers.length + 34,
    marginLeft: isNarrow ? 112 : 140,
    marginRight: 62,
    marginTop: 24,
    marginBottom: 8,
    x: { label: null, nice: true, zero: true },
    y: { domain: offers.map((offer) => offer.name), label: null, tickSize: 0, tickFormat: (name) => shortened(name, isNarrow ? 17 : 22) },
    marks: [
      Plot.gridX({ ticks: 4, stroke: "var(--line)", strokeOpacity: 1 }),
      Plot.axisX({ anchor: "top", ticks: 4, tickFormat: (share) => signed(share * 10000).replace(".0", ""), ...noTicks, fill: "var(--muted)" }),
      Plot.ruleX([0], { stroke: "var(--muted)" }),
      Plot.link(offers, { x1: change("control_order_count_change_pct"), x2: change("order_count_change_pct"), y: "name", stroke: "var(--muted)" }),
      Plot.dot(offers, { x: change("control_order_count_change_pct"), y: "name", fill: "var(--grey)", r: 5 }),
      Plot.dot(offers, { x: change("order_count_change_pct"), y: "name", fill: "var(--gold)", r: 5 }),
      Plot.text(offers, { frameAnchor: "right", textAnchor: "end", dx: 60, y: "name", text: (offer) => `${signed(offer.excess_order_change_points, "")} pt`, fill: "var(--ink)" }),
    ],
  });
}

const shortened = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

function kinds({ words, discounted, full }) {
  const rows = [{ name: "With a discount", ...discounted }, { name: "At full price", ...full }];
  return {
    title: "Orders with and without a discount",
    tag: words,
    draw: () =>
      barList(
        rows.filter((row) => row.orders).map((row) => ({
          name: row.name,
          value: row.net / row.orders,
          text: moneyExact(average(row.net, row.orders)),
          note: `${percent(row.profit, row.net)} left`,
          colour: row === rows[0] ? "var(--gold)" : "var(--accent)",
        })),
        { heads: ["an order", "after food"] },
      ),
    table: {
      columns: [
        { head: "Orders", value: (row) => row.name },
        { head: "orders", value: (row) => count(row.orders), number: true },
        { head: "before discount", value: (row) => moneyExact(row.gross), number: true },
        { head: "discount", value: (row) => moneyExact(row.discount), number: true },
        { head: "revenue", value: (row) => moneyExact(row.net), number: true },
        { head: "average before", value: (row) => exactAverage(row.gross, row.orders), number: true },
        { head: "average", value: (row) => exactAverage(row.net, row.orders), number: true },
        { head: "food", value: (row) => moneyExact(row.cost), number: true },
        { head: "left after food", value: (row) => percent(row.profit, row.net, 1), number: true },
      ],
      rows,
    },
  };
}
