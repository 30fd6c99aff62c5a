// The frame: header, filters kept in the address, key figures, and the sections.

let data;
let drawn = { hash: null, width: 0 };
const page = document.getElementById("page");

async function start() {
  const plain = document.getElementById("plain");
  plain.hidden = true;
  try {
    data = await readFigures();
    currency = data.company.currency;
    rememberTheme();
    redraw();
  } catch (error) {
    // Most likely the browser is too old.
    console.error(error);
    page.replaceChildren();
    plain.hidden = false;
    return;
  }
  addEventListener("hashchange", () => redraw());
  addEventListener("beforeprint", () => drawForPaper(true));
  addEventListener("afterprint", () => drawForPaper(false));
  new ResizeObserver(() => redraw()).observe(page);
}

// ---- The address: #weeks=13&region=Upstate&restaurant=…&section=sales

function readState() {
  const words = new URLSearchParams(location.hash.slice(1));
  const offered = WEEKS.filter(isPossible);
  const weeks = Number(words.get("weeks"));
  const region = regions().includes(words.get("region")) ? words.get("region") : null;
  const restaurant = data.places.find(
    (place) => place.place === words.get("restaurant") && (region === null || (place.region ?? "") === region),
  );
  return {
    weeks: offered.includes(weeks) ? weeks : offered.includes(13) ? 13 : WEEKS[0],
    region,
    restaurant: data.company.has_detail && restaurant ? restaurant.place : null,
    section: words.get("section"),
  };
}

// A longer period is offered where the data hold more than the shorter one shows.
const isPossible = (weeks) => {
  const shorter = WEEKS[WEEKS.indexOf(weeks) - 1] ?? 0;
  return shorter === 0 || (data.company.last_week - data.company.first_week) / 7 + 1 > shorter;
};

const regions = () => [...new Set(data.places.map((place) => place.region ?? ""))].sort(byName);
const byName = (one, other) => (one === "") - (other === "") || one.localeCompare(other);

function addressOf(change = {}) {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...readState(), section: null, ...change }))
    if (value !== null) words.set(name, value);
  return `#${words}`;
}

const choose = (change) => { location.hash = addressOf(change); };

// ---- Drawing. What was open or in focus stays so.

// Sections that still show the last choice. Each is drawn in a task of its own, so that a choice answers at once.
let waiting = [];

function redraw(again = false) {
  const width = sectionWidth();
  if (width < 100) return; // not laid out yet: the observer of its size calls again
  const { section: place, ...state } = readState();
  const hash = JSON.stringify(state);
  if (again || hash !== drawn.hash || Math.abs(width - drawn.width) > 1) {
    drawn = { ...drawn, hash, width };
    delete page.dataset.drawn;
    const view = viewOf(data, state);
    keepingFocus(() => page.replaceChildren(...frame(view)));
    waiting = shownSections().map((one) => () => drawSection(one, view, width));
    drawNext();
    setTimeout(drawOthers);
  }
  if (place !== drawn.place) {
    drawn.place = place;
    drawAll();
    document.getElementById(place)?.scrollIntoView();
  }
  if (!waiting.length) page.dataset.drawn = location.hash;
}

const drawNext = () => waiting.shift()?.();

function drawOthers() {
  drawNext();
  if (waiting.length) setTimeout(drawOthers);
  else page.dataset.drawn = location.hash;
}

function drawAll() {
  while (waiting.length) drawNext();
  page.dataset.drawn = location.hash;
}

function keepingFocus(change) {
  const focus = document.activeElement?.closest("[data-focus]")?.dataset.focus;
  change();
  if (focus && !page.contains(document.activeElement))
    page.querySelector(`[data-focus="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
}

const shownSections = () => sections.filter((one) => data.company.as_of !== null || one.withoutOrders);

function frame(view) {
  const { company } = view;
  const shown = shownSections();
  const locations = sum(data.places, "location_count");
  return [
    element("header", {},
      element("div", { class: "inside head" },
        element("div", {},
          element("h1", {}, "Franchise sales"),
          element("p", {}, company.as_of === null
            ? "No orders yet"
            : `${count(locations)} ${locations === 1 ? "restaurant" : "restaurants"}, as of ${date(company.as_of)}`)),
        element("div", { class: "buttons" },
          element("button", { type: "button", onclick: switchTheme, "aria-label": "Light or dark", title: "Light or dark", "data-focus": "theme" }, "◐"),
          element("button", { type: "button", onclick: () => print(), "data-focus": "print" }, "Print")))),
    company.as_of === null ? null : element("div", { class: "filters", role: "region", "aria-label": "Filters" }, filters(view)),
    element("main", { class: "inside" },
      company.as_of === null
        ? element("p", { class: "period" }, "The marts hold no order. Load sales files, then build again.")
        : [period(view), keyFigures(view)],
      element("nav", { class: "chips", "aria-label": "Sections" },
        shown.map((one) => element("a", {
          href: addressOf({ section: one.id }), "data-focus": `chip ${one.id}`,
          // The address does not change when it is chosen again.
          onclick: () => document.getElementById(one.id).scrollIntoView(),
        }, one.tag))),
      shown.map((one) => document.getElementById(one.id) ?? element("section", { id: one.id }))),
    element("footer", { class: "inside" },
      company.as_of === null ? "" : `Every figure on this page comes from the tables in schema marts, as of ${date(company.as_of)}. Amounts are in ${currency}.`),
  ].filter(Boolean);
}

const PADDING = 20;
const GAP = 32;
const PAPER = 680; // what A4 and Letter have between their margins

let isOnPaper = false;

function drawForPaper(begins) {
  isOnPaper = begins;
  redraw();
  drawAll();
}

// The width inside a section's card, which paper has none of.
function sectionWidth() {
  if (isOnPaper) return PAPER;
  const margin = page.clientWidth < 600 ? 14 : 24;
  return Math.min(page.clientWidth, 1040) - 2 * margin - 2 * PADDING - 2;
}

function drawSection(one, view, width) {
  const node = document.getElementById(one.id);
  const open = [...node.querySelectorAll("details[open]")].map((details) => details.dataset.key);
  node.setAttribute("aria-labelledby", `${one.id}-title`);
  keepingFocus(() => node.replaceChildren(...[
    element("p", { class: "section-tag" }, one.tag),
    element("h2", { id: `${one.id}-title` }, one.title),
    ...contentOf(one, view, width),
  ]));
  for (const details of node.querySelectorAll("details")) details.open = open.includes(details.dataset.key);
}

// A section that cannot be drawn says so, and leaves the others.
function contentOf(one, view, width) {
  try {
    return partsOf(one, view, width);
  } catch (error) {
    console.error(error);
    return [element("p", { class: "answer" }, "This section could not be drawn. The others do not depend on it.")];
  }
}

function partsOf(one, view, width) {
  const { answer, extra = null, figures = [], reading } = one.draw(view);
  const half = width < 640 ? width : (width - GAP) / 2;
  return [
    ...answer.filter((sentence) => sentence.length).map((sentence) => element("p", { class: "answer" }, sentence)),
    extra,
    figures.some(Boolean)
      ? element("div", { class: "figures" }, figures.filter(Boolean).map((each, place) =>
          figure(`${one.id}-${place}`, each, each.wide ? width : half)))
      : null,
    reading ? element("p", { class: "reading" }, reading) : null,
  ].filter(Boolean);
}

// ---- Filters

function filters(view) {
  const { state } = view;
  const isOne = data.places.length < 2;
  const restaurants = data.places
    .filter((place) => state.region === null || (place.region ?? "") === state.region)
    .sort((one, other) => byName(one.name, other.name) || byName(one.place, other.place));
  const select = (label, name, all, options, change) =>
    element("label", { class: "filter" },
      element("span", {}, label),
      element("select", { "data-focus": `filter ${name}`, onchange: (event) => change(event.target.value) },
        element("option", { value: "all" }, all),
        options.map(([value, text]) => element("option", { value: `is ${value}`, selected: state[name] === value }, text))));
  const chosen = (value) => (value === "all" ? null : value.slice(3));
  return element("div", { class: "inside filter-row" },
    isOne || regions().length < 2
      ? null
      : select("Region", "region", "All regions", regions().map((region) => [region, region || NO_REGION]),
          (value) => choose({ region: chosen(value), restaurant: null })),
    isOne || !data.company.has_detail
      ? null
      : select("Restaurant", "restaurant", "All restaurants", restaurants.map((place) => [place.place, place.name]),
          (value) => choose({ restaurant: chosen(value) })),
    element("fieldset", { class: "filter periods" },
      element("legend", {}, "Period"),
      element("div", {}, WEEKS.map((weeks) =>
        element("label", {},
          element("input", {
            type: "radio", name: "weeks", value: weeks, checked: weeks === state.weeks, disabled: !isPossible(weeks),
            "data-focus": `weeks ${weeks}`, onchange: () => choose({ weeks }),
          }),
          element("span", {}, `${weeks} weeks`))))),
    element("button", { type: "button", class: "reset", "data-focus": "reset", onclick: () => { location.hash = "#"; } }, "Reset"));
}

// The same element each time: only then is a change of it read aloud.
function period(view) {
  const node = document.getElementById("period") ?? element("p", { id: "period", class: "period", "aria-live": "polite" });
  node.replaceChildren(...periodText(view));
  return node;
}

function periodText(view) {
  const { weeksOfData, weeks } = view;
  if (weeksOfData === 0) return say`${strong(view.name)}: the data hold no full week from Monday to Sunday yet.`;
  const days = `${date(view.first)} to ${date(view.last)}`;
  if (view.hasYearBefore) return say`${strong(view.name)}, ${days}, against the same weeks a year before.`;
  const reach = weeksOfData < weeks ? ` The data hold ${count(weeksOfData)} full weeks.` : "";
  return say`${strong(view.name)}, ${days}. A full year before is not in the data, so nothing is compared with it.${reach}`;
}

// ---- Key figures

function keyFigures(view) {
  const { now, before, comparable } = salesOf(view);
  const weeks = weekly(view, Math.max(26, view.weeks));
  const customers = view.scoped("customers_by_period").find((row) => row.weeks === view.weeks);
  const customersByWeek = new Map(view.scoped("customers_by_week").map((row) => [row.week_start_date, row.customer_count]));
  const ratio = (side) => (side.orders ? side.revenue / side.orders : null);
  const likeForLike = (of) => (comparable.isAll || !comparable.locations ? null : change(of(comparable.now), of(comparable.before)));
  const tile = (label, value, changed, like, series) =>
    element("li", {},
      element("span", { class: "label" }, label),
      element("span", { class: "value" }, value),
      element("span", { class: "change" }, changeText(view, now, changed)),
      like ? element("span", { class: "change" }, toned(like, " like for like")) : null,
      sparkline(label, series));
  return element("ul", { class: "key-figures" },
    tile("Net revenue", money(now.revenue), change(now.revenue, before.revenue), likeForLike((side) => side.revenue),
      weeks.map((week) => week.net_revenue)),
    tile("Orders", count(now.orders), change(now.orders, before.orders), likeForLike((side) => side.orders),
      weeks.map((week) => week.order_count)),
    tile("Average order", now.orders ? moneyExact(average(now.revenue, now.orders)) : "–", change(ratio(now), ratio(before)),
      likeForLike(ratio), weeks.map((week) => ratio({ revenue: week.net_revenue, orders: week.order_count }))),
    tile("Customers who ordered", count(customers?.customer_count ?? 0),
      change(customers?.customer_count ?? 0, customers?.customer_count_before), null,
      weeks.map((week) => (week.net_revenue === null ? null : customersByWeek.get(week.week_start_date) ?? 0))));
}

const toned = ({ text, sign }, words) =>
  [element("span", { class: tone(sign) }, `${sign > 0 ? "▲" : sign < 0 ? "▼" : "="} ${text.replace(/^[+−]/, "")}`), words];

function changeText(view, now, changed) {
  if (!view.hasYearBefore) return "no full year before";
  if (view.restaurant && isNew(view, view.restaurant) && now.orders) return `new: first order ${month(view.restaurant.first_order_date)}`;
  return changed ? toned(changed, " on last year") : "nothing a year before";
}

function sparkline(label, values) {
  const points = values.map((value, place) => ({ value, place }));
  const last = points.at(-1);
  return plot(`${label}, week by week`, 190, {
    height: 34, axis: null, marginTop: 4, marginBottom: 4, marginLeft: 2, marginRight: 5,
    marks: [
      Plot.lineY(points, { x: "place", y: "value", stroke: "var(--accent)", strokeWidth: 1.5 }),
      Plot.dot(last ? [last] : [], { x: "place", y: "value", fill: "var(--accent)", r: 2.5 }),
    ],
  });
}

// ---- Light and dark

function rememberTheme() {
  try {
    document.documentElement.dataset.theme = localStorage.getItem("theme") ?? "";
  } catch {
    // Storage may be closed to a page from disk.
  }
}

function switchTheme() {
  const root = document.documentElement;
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  try {
    localStorage.setItem("theme", root.dataset.theme);
  } catch {
    // Storage may be closed to a page from disk.
  }
}
