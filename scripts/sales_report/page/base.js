// Data, words and numbers that all sections share.

const WEEKS = [4, 13, 52];
const DAY = 864e5;
const MANY_TIMES = 3; // growth beyond +300 % is said as ×4.1
const sections = [];
const section = (one) => sections.push(one);

// Rows of all blocks as objects, by name of the block.
async function readFigures() {
  const packed = Uint8Array.from(atob(document.getElementById("figures").textContent), (sign) => sign.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const { company, ...blocks } = await new Response(stream).json();
  const data = { company };
  for (const [name, columns] of Object.entries(blocks)) {
    const names = Object.keys(columns);
    data[name] = names.length
      ? columns[names[0]].map((_, row) => Object.fromEntries(names.map((column) => [column, columns[column][row]])))
      : [];
  }
  data.places.forEach((place, position) => {
    place.position = position;
    if (!company.has_detail) place.name = place.region || WITHOUT_REGION;
  });
  return data;
}

const NO_REGION = "No region"; // among regions
const WITHOUT_REGION = "Restaurants without a region";
const sum = (rows, column) => d3.sum(rows, (row) => row[column]);

// ---- Elements. Text is always a text node, never HTML.

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

const strong = (text) => element("strong", {}, text);

// say`${strong("3")} of ${name} grew.` gives a sentence as a list of nodes.
const say = (texts, ...values) => texts.flatMap((text, place) => [text, values[place] ?? ""].flat()).filter((part) => part !== "");

// ---- Numbers. Money is whole cents, dates are days since 1970-01-01.

let currency = "USD";
const formats = new Map();

function format(kind, options) {
  if (!formats.has(kind)) formats.set(kind, new Intl.NumberFormat("en-US", options));
  return formats.get(kind);
}

function inCurrency(kind, options) {
  const named = { style: "currency", currency, currencyDisplay: "narrowSymbol", ...options };
  try {
    return format(kind, named);
  } catch {
    // No currency of ISO 4217: the code itself.
    const { style, currency: code, currencyDisplay, ...plain } = named;
    return { format: (value) => `${code} ${format(kind, plain).format(value)}` };
  }
}

const minus = (text) => text.replace("-", "−");
const count = (number) => minus(format("count", {}).format(number));
// "1 customer", "2 customers"
const plural = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;
const decimal = (number, digits = 1) =>
  minus(format(`decimal${digits}`, { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: "negative" }).format(number));
// Hundredths, of a percent say, with a sign unless they round to zero.
const signed = (hundredths, unit = "%") => hundredths === null
  ? null
  : minus(format("signed", { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: "exceptZero" }).format(hundredths / 100)) + unit;
// $136,262; with cents below 100.
const money = (cents) =>
  Math.abs(cents) < 100_00
    ? moneyExact(cents)
    : minus(inCurrency("money", { minimumFractionDigits: 0, maximumFractionDigits: 0 }).format(cents / 100));
const moneyExact = (cents) =>
  minus(inCurrency("exact", { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(cents / 100));
// $25.3K
const moneyShort = (cents) =>
  Math.abs(cents) < 1000_00
    ? money(cents)
    : minus(inCurrency("short", { notation: "compact", minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(cents / 100));
// $25K, for axes
const moneyAxis = (cents) =>
  minus(inCurrency("axis", { notation: "compact", minimumFractionDigits: 0, maximumFractionDigits: 1 }).format(cents / 100));
// percent(1, 4) is 25 %; digits after the point are for what is below 10 %.
function percent(part, whole, digits = null) {
  if (!whole) return "–";
  const value = (100 * part) / whole;
  return `${decimal(value, digits ?? (Math.abs(value) < 10 && value !== 0 ? 1 : 0))}%`;
}

// The average in whole cents, rounded once, half away from zero.
function average(cents, number) {
  if (!number) return null;
  return (Math.sign(cents) * Math.floor((2 * Math.abs(cents) + number) / (2 * number))) || 0;
}

const exactAverage = (cents, number) => (number ? moneyExact(average(cents, number)) : null);

// How much larger `now` is than `before`: "+4.2%", "−1.7%", "×4.1"; null where there is nothing to compare with.
function change(now, before) {
  if (before === null || before === undefined || before <= 0 || now === null || now === undefined) return null;
  const ratio = now / before;
  if (ratio - 1 > MANY_TIMES) return { text: `×${decimal(ratio)}`, sign: 1 };
  const tenths = Math.sign(ratio - 1) * Math.round(Math.abs(ratio - 1) * 1000);
  const text = `${tenths > 0 ? "+" : ""}${decimal(tenths / 10)}%`;
  return { text: tenths === 0 ? "0.0%" : text, sign: Math.sign(tenths) };
}

const dateFormat = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
const longDate = dateFormat({ day: "numeric", month: "short", year: "numeric" });
const shortDate = dateFormat({ day: "numeric", month: "short" });
const monthName = dateFormat({ month: "short", year: "numeric" });
const dateOf = (day) => new Date(day * DAY);
const date = (day) => longDate.format(dateOf(day)).replace("Sept", "Sep");
const dayAndMonth = (day) => shortDate.format(dateOf(day)).replace("Sept", "Sep");
const month = (day) => monthName.format(dateOf(day)).replace("Sept", "Sep");
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

// How many days a window of the models reaches back: its setting, or less where the data are younger.
const daysOfData = ({ company }) => company.as_of - company.first_day + 1;
const latestDays = (view, setting) => Math.min(view.company.settings[setting], daysOfData(view));
// The latest months in words, or since when there are data.
const lately = ({ company }, months) =>
  dateOf(company.first_day) > d3.utcMonth.offset(dateOf(company.as_of), -months)
    ? `since ${date(company.first_day)}`
    : `in the last ${months} months`;

// Where no category has a cost of its own, what is left after food is an assumption, and no measurement.
const assumedFood = ({ company }) => company.has_food_costs
  ? ""
  : `, taken to be ${percent(company.settings.default_food_cost_rate, 1, 1).replace(".0", "")} of the price before discounts (an assumption: no cost is given)`;

// ---- What the filters choose.

function viewOf(data, state) {
  const { company } = data;
  const restaurant = company.has_detail
    ? data.places.find((place) => place.place === state.restaurant || data.places.length === 1)
    : undefined;
  const inRegion = (place) => state.region === null || (place.region ?? "") === state.region;
  const places = restaurant ? [restaurant] : data.places.filter(inRegion);
  const chosen = new Set(places.map((place) => place.position));
  const { weeks } = state;
  const found = new Map();
  const first = company.last_week - 7 * (weeks - 1);
  return {
    data,
    company,
    state,
    places,
    restaurant: restaurant ?? null,
    name: restaurant?.name ?? (state.region === null ? "All restaurants" : state.region || WITHOUT_REGION),
    isAll: state.restaurant === null && state.region === null,
    // The tag of what no filter applies to; more words may follow it.
    everywhere: (...more) => [...(data.places.length > 1 ? ["all restaurants"] : []), ...more].join(", ") || null,
    weeks,
    weeksOfData: Math.max(0, (company.last_week - company.first_week) / 7 + 1),
    first: Math.max(first, company.first_week),
    last: company.last_week + 6,
    hasYearBefore: first - 364 >= company.first_week,
    // Rows of a block that belong to the chosen places; with true, of the chosen period only.
    rows(block, ofPeriod = false) {
      const key = `${block} ${ofPeriod}`;
      if (!found.has(key))
        found.set(key, data[block].filter((row) => (!ofPeriod || row.weeks === weeks) && chosen.has(row.place)));
      return found.get(key);
    },
    // The one row of a block by scope (place, region or all) that the filters choose.
    scoped: (block) =>
      data[block].filter((row) =>
        restaurant
          ? row.scope === "place" && row.place === restaurant.position
          : state.region === null ? row.scope === "all" : row.scope === "region" && row.region === state.region,
      ),
  };
}

// Whether a place was not yet open on all of the same days a year before; the first two may have been holidays.
const isNew = (view, place) => view.hasYearBefore && place.first_order_date > view.first - 364 + 2;

// Sales of the chosen places and period, of the same weeks a year before, and of the restaurants with orders in both.
function salesOf(view) {
  const rows = view.rows("sales_by_period", true);
  const side = (prefix, suffix) => ({
    revenue: sum(rows, `${prefix}net_revenue${suffix}`),
    orders: sum(rows, `${prefix}order_count${suffix}`),
  });
  const locations = sum(rows, "comparable_location_count");
  return {
    now: side("", ""),
    before: view.hasYearBefore ? side("", "_before") : { revenue: null, orders: null },
    comparable: {
      now: side("comparable_", ""),
      before: side("comparable_", "_before"),
      locations,
      // Whether all that sold in either year can be compared.
      isAll: rows.every((row) => row.comparable_net_revenue === row.net_revenue
        && row.comparable_net_revenue_before === row.net_revenue_before),
    },
    locations: sum(rows, "location_count"),
  };
}

// The last n complete weeks of the chosen places, each with the same week a year before. A week is null before the
// places opened and zero where they were closed.
function weekly(view, n) {
  const { company } = view;
  const opened = d3.min(view.places, (place) => place.first_order_date) ?? Infinity;
  const byWeek = d3.rollup(
    view.rows("sales_by_week"),
    (rows) => ({ net_revenue: sum(rows, "net_revenue"), order_count: sum(rows, "order_count") }),
    (row) => row.week_start_date,
  );
  const of = (week) =>
    byWeek.get(week) ?? (week < company.first_week || week + 6 < opened
      ? { net_revenue: null, order_count: null }
      : { net_revenue: 0, order_count: 0 });
  return d3.range(Math.min(n, view.weeksOfData)).reverse().map((ago) => {
    const week = company.last_week - 7 * ago;
    const before = of(week - 364);
    return {
      week_start_date: week, ...of(week), net_revenue_before: before.net_revenue, order_count_before: before.order_count,
    };
  });
}
