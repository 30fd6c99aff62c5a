const SHOWN = 12;
const whole = new Set(); // lists that show all their rows

section({
  id: "restaurants",
  tag: "Restaurants",
  title: "Which restaurants do well?",
  draw(view) {
    const peers = peersOf(view);
    const own = peers.length < 2 ? peers[0] : peers.find((row) => row.place === view.restaurant);
    return {
      answer: [own ? placeOfOne(view, own, peers) : growth(view, peers), own && view.company.has_detail ? sinceTheFirstOrder(view, own) : []],
      figures: peers.length < 2 ? [] : [
        ...(view.weeksOfData ? [ofThePeriod(view, peers), ordersAndTheirSize(view, peers)] : []),
        ofLate(view, peers),
        ofAllTime(view, peers),
      ],
      reading: peers.length < 2 ? null :
        "A restaurant that was not open on all of the same days a year before is new: it is compared once its weeks a year ago "
        + "are whole. Revenue of all time puts old restaurants first; revenue a day of the latest weeks compares old and new ones.",
    };
  },
});

const kind = (view) => (view.company.has_detail ? "restaurant" : "region");
// The lists of regions hold all of them, whichever is chosen.
const ofRegions = (view, ...more) => [...(view.company.has_detail ? [] : ["all regions"]), ...more].join(", ") || null;

// The places of the region, whatever restaurant is chosen, with their figures of the period and of all time.
function peersOf(view) {
  const { data, state, company } = view;
  const ofPeriod = new Map(data.sales_by_period.filter((row) => row.weeks === view.weeks).map((row) => [row.place, row]));
  const allTime = new Map(data.locations.map((row) => [row.place, row]));
  return data.places
    .filter((place) => !company.has_detail || state.region === null || (place.region ?? "") === state.region)
    .map((place) => {
      const row = ofPeriod.get(place.position);
      const isComparable = row?.comparable_location_count > 0;
      const weeksOpen = Math.min(view.weeks, view.weeksOfData, Math.ceil((view.last + 1 - place.first_order_date) / 7));
      return {
        place,
        name: place.name,
        revenue: row?.net_revenue ?? 0,
        orders: row?.order_count ?? 0,
        before: view.hasYearBefore ? row?.net_revenue_before ?? 0 : null,
        change: isComparable ? change(row.comparable_net_revenue, row.comparable_net_revenue_before) : null,
        isNew: isNew(view, place) && row?.net_revenue > 0,
        // A mark stands for the same restaurants as its bar, or not at all.
        isWhole: isComparable && row.comparable_net_revenue === row.net_revenue
          && row.comparable_net_revenue_before === row.net_revenue_before,
        ordersAWeek: weeksOpen > 0 ? (row?.order_count ?? 0) / weeksOpen : null,
        growth: isComparable ? row.comparable_net_revenue / row.comparable_net_revenue_before : null,
        all: allTime.get(place.position),
      };
    })
    .sort((one, other) => other.revenue - one.revenue || one.name.localeCompare(other.name));
}

function growth(view, peers) {
  const best = peers[0];
  if (!view.weeksOfData) return say`The data hold no full week yet.`;
  if (!best || best.revenue <= 0) return say`Nothing was sold in the chosen weeks.`;
  const first = say`${strong(best.name)} sells most.`;
  const compared = peers.filter((row) => row.change);
  if (!compared.length) return first;
  if (compared.length < 2)
    return [...first, ...say` Only ${strong(compared[0].name)} can be compared with a year before: ${compared[0].change.text}.`];
  const most = d3.greatest(compared, (row) => row.growth);
  const least = d3.least(compared, (row) => row.growth);
  const grown = compared.filter((row) => row.change.sign > 0).length;
  const open = view.company.has_detail ? "restaurants that were open a year ago grew" : "regions grew like for like";
  const ahead = grown ? [say`${strong(most.name)} most (${most.change.text})`] : [];
  const behind = least.change.sign < 0 ? [say`${strong(least.name)} fell behind most (${least.change.text})`] : [];
  return [
    ...first,
    ...say` ${strong(`${grown ? count(grown) : "None"} of ${count(compared.length)}`)} ${open}`,
    ahead.length || behind.length ? ": " : "",
    ...d3.merge(ahead.length && behind.length ? [...ahead, ["; "], ...behind] : [...ahead, ...behind]),
    ".",
  ];
}

function placeOfOne(view, own, peers) {
  const { region } = view.state;
  const of = region === null ? "" : region ? ` in ${region}` : " without a region";
  if (!view.company.has_detail) return own.place.region ? say`All restaurants are in ${strong(own.name)}.` : say`No restaurant has a region.`;
  if (peers.length < 2) return say`${strong(own.name)} is the only restaurant${of}.`;
  if (!view.weeksOfData) return say`The data hold no full week yet.`;
  const rank = 1 + peers.filter((row) => row.revenue > own.revenue).length;
  return [
    ...say`${strong(own.name)} is number ${strong(count(rank))} of ${count(peers.length)}${of} by net revenue of the chosen weeks`,
    ...(own.change ? say`, ${strong(own.change.text)} on a year before` : []),
    own.isNew ? ", and new: it was not open on all of the same days a year before" : "",
    own.before === 0 && own.revenue > 0 && !own.isNew ? ", and had no sales a year before" : "",
    ".",
  ];
}

function sinceTheFirstOrder(view, { place, all }) {
  if (!all) return [];
  const days = Math.min(latestDays(view, "location_recent_days"), view.company.as_of - place.first_order_date + 1);
  return [
    ...say` Since ${date(place.first_order_date)} it has brought ${strong(money(all.net_revenue))}`,
    ...(all.recent_net_revenue_per_day === null
      ? []
      : say`; a day of the latest ${count(days)} brought ${strong(moneyExact(all.recent_net_revenue_per_day))}`),
    ...(all.repeat_customer_rate === null
      ? []
      : say`. Of 100 known customers, ${strong(count(Math.round(all.repeat_customer_rate / 100)))} have ordered here at least twice`),
    ".",
  ];
}

// ---- Lists

// The first rows of a list and the chosen one; a button shows all.
function shortList(view, id, rows, asBar, heads) {
  const isChosen = (row) => row.place === view.restaurant;
  const isWhole = whole.has(id) || rows.length <= SHOWN + 2;
  const shown = rows.filter((row, place) => isWhole || place < SHOWN || isChosen(row));
  const bars = barList(
    shown.map((row) => ({
      name: row.name,
      key: `${id} ${row.place.place}`,
      chosen: view.restaurant ? isChosen(row) : undefined,
      choose: () => choose(view.company.has_detail ? { restaurant: isChosen(row) ? null : row.place.place } : { region: row.place.place }),
      ...asBar(row),
    })),
    { heads },
  );
  const toggle = () => {
    if (!whole.delete(id)) whole.add(id);
    redraw(true);
  };
  const more = rows.length > SHOWN + 2 &&
    element("button", { type: "button", class: "more", onclick: toggle, "data-focus": `more ${id}` },
      isWhole ? `Show the first ${SHOWN}` : `Show all ${count(rows.length)}`);
  return element("div", {}, bars, more || null);
}

function ofThePeriod(view, peers) {
  const isCompared = view.hasYearBefore;
  const note = (row) => !isCompared ? "" : row.change?.text ?? (row.isNew ? "new" : row.revenue === 0 ? "no sales" : "–");
  const mark = (row) => (row.change && row.isWhole ? row.before : null);
  const changed = view.company.has_detail ? "change" : "like for like";
  return {
    title: "Net revenue of the chosen period",
    tag: ofRegions(view),
    note: `Choose a bar to look at one ${kind(view)}.`,
    legend: [
      { text: "chosen period", colour: "var(--accent)" },
      peers.some((row) => mark(row) !== null) ? { text: "a year before", colour: "var(--ink)", kind: "mark" } : null,
    ].filter(Boolean),
    draw: () =>
      shortList(view, "period", peers,
        (row) => ({ value: row.revenue, text: moneyShort(row.revenue), mark: mark(row), note: note(row), sign: row.change?.sign }),
        isCompared ? ["revenue", changed] : ["revenue"]),
    table: {
      columns: [
        { head: kind(view), value: (row) => row.name },
        { head: "net revenue", number: true, value: (row) => moneyExact(row.revenue) },
        ...(isCompared ? [
          { head: "a year before", number: true, value: (row) => moneyExact(row.before) },
          { head: changed, number: true, value: note },
        ] : []),
        { head: "orders", number: true, value: (row) => count(row.orders) },
      ],
      rows: peers,
    },
  };
}

function ordersAndTheirSize(view, peers) {
  const rows = peers
    .filter((row) => row.orders > 0 && row.ordersAWeek !== null)
    .map((row) => ({ ...row, averageOrder: average(row.revenue, row.orders) }));
  const isChosen = (row) => row.place === view.restaurant;
  const named = rows.filter((row, place) => (view.restaurant ? isChosen(row) : place < 3));
  return {
    title: "Many orders, or large ones?",
    tag: ofRegions(view),
    note: `A dot is a ${kind(view)}; the larger, the more revenue.`,
    draw: (width) =>
      plot("Orders a week and average order of each " + kind(view), width, {
        height: rows.length < 6 ? 220 : 330, marginLeft: 56, marginRight: 26, marginTop: 28, marginBottom: 40,
        x: { nice: true, zero: rows.length < 2 }, y: { nice: true, zero: rows.length < 2 }, r: { range: [3, 10] },
        marks: [
          Plot.gridX({ ticks: 5, stroke: "var(--line)", strokeOpacity: 1 }),
          Plot.axisX({ ticks: 5, tickSize: 0, label: "orders a week →", fill: "var(--muted)", fontSize: 12 }),
          Plot.gridY({ ticks: 5, stroke: "var(--line)", strokeOpacity: 1 }),
          Plot.axisY({ ticks: 5, tickSize: 0, tickFormat: money, label: "↑ average order", fill: "var(--muted)", fontSize: 12 }),
          Plot.dot(rows, {
            x: "ordersAWeek", y: "averageOrder", r: "revenue", fill: "var(--accent)", stroke: "var(--card)", tip: true,
            fillOpacity: (row) => (view.restaurant && !isChosen(row) ? 0.25 : 0.75),
            title: (row) => `${row.name}\n${decimal(row.ordersAWeek)} orders a week\n${moneyExact(row.averageOrder)} an order`,
          }),
          Plot.text(named, { x: "ordersAWeek", y: "averageOrder", text: "name", dy: -16, fill: "var(--ink)", stroke: "var(--card)", fontSize: 12 }),
        ],
      }),
    table: {
      columns: [
        { head: kind(view), value: (row) => row.name },
        { head: "orders a week", number: true, value: (row) => decimal(row.ordersAWeek) },
        { head: "average order", number: true, value: (row) => moneyExact(row.averageOrder) },
      ],
      rows,
    },
  };
}

const ordered = (rows, value) =>
  rows.filter((row) => row.all).sort((one, other) => value(other.all) - value(one.all) || one.name.localeCompare(other.name));

function ofLate(view, peers) {
  if (!view.company.has_detail) return null;
  const rows = ordered(peers, (all) => all.recent_net_revenue_per_day);
  const amount = rows.some(({ all }) => Math.abs(all.recent_net_revenue_per_day) < 100_00) ? moneyExact : money;
  return {
    title: "Net revenue a day, of late",
    tag: `latest ${count(latestDays(view, "location_recent_days"))} days`,
    note: "By days since it opened, so that a new restaurant compares with an old one.",
    draw: () =>
      shortList(view, "late", rows,
        ({ all }) => ({ value: all.recent_net_revenue_per_day, text: amount(all.recent_net_revenue_per_day) }), ["a day"]),
    table: {
      columns: [
        { head: "restaurant", value: (row) => row.name },
        { head: "rank", number: true, value: ({ all }) => count(all.recent_revenue_rank) },
        { head: "band", value: ({ all }) => all.recent_performance_band },
        { head: "net revenue a day", number: true, value: ({ all }) => moneyExact(all.recent_net_revenue_per_day) },
      ],
      rows,
    },
  };
}

function ofAllTime(view, peers) {
  const rows = ordered(peers, (all) => all.net_revenue);
  const total = sum(view.data.locations, "net_revenue");
  return {
    title: "Net revenue since the first order",
    tag: ofRegions(view, "all time"),
    note: "With its share of the company's revenue.",
    draw: () =>
      shortList(view, "all", rows,
        ({ all }) => ({ value: all.net_revenue, text: moneyShort(all.net_revenue), note: percent(all.net_revenue, total, 1) }),
        ["revenue", "share"]),
    table: {
      columns: [
        { head: kind(view), value: (row) => row.name },
        { head: "first order", value: (row) => date(row.place.first_order_date) },
        { head: "net revenue", number: true, value: ({ all }) => moneyExact(all.net_revenue) },
        { head: "share", number: true, value: ({ all }) => percent(all.net_revenue, total, 1) },
        { head: "orders", number: true, value: ({ all }) => count(all.order_count) },
        { head: "first-time customers", number: true, value: ({ all }) => count(all.first_time_customer_count) },
        {
          head: "ordered twice or more", number: true,
          value: ({ all }) => all.repeat_customer_rate === null ? null : percent(all.repeat_customer_rate, 10_000),
        },
      ],
      rows,
    },
  };
}
