// Figures: a chart, its legend, and the table behind "Show the figures".

// A chart by Plot as a picture with a name; its own class lets the content security policy know its style.
function plot(label, width, options) {
  const chart = Plot.plot({ className: "chart", width: Math.round(width), marginTop: 12, marginBottom: 30, ...options });
  const picture = chart.tagName.toLowerCase() === "svg" ? chart : chart.querySelector("svg");
  for (const part of picture.querySelectorAll("[aria-label], [aria-description], [aria-hidden]"))
    for (const name of ["aria-label", "aria-description", "aria-hidden"]) part.removeAttribute(name);
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", label);
  return chart;
}

const noTicks = { tickSize: 0, label: null };

// Lines and labels of an axis of money, counts or percent.
const axisY = (tickFormat) =>
  [
    Plot.gridY({ ticks: 5, stroke: "var(--line)", strokeOpacity: 1 }),
    Plot.axisY({ ticks: 5, tickFormat, ...noTicks, fill: "var(--muted)", fontSize: 12 }),
  ];

// Few dates are labelled themselves.
const axisDates = (width, dates = []) => {
  const look = { tickSize: 4, label: null, fill: "var(--muted)", fontSize: 12 };
  return dates.length && dates.length < 7
    ? Plot.axisX(dates, { tickFormat: (one) => dayAndMonth(one / DAY), ...look })
    : Plot.axisX({ ticks: Math.max(3, Math.round(width / 130)), ...look });
};

// A list of bars: {name, key, value, text, mark, note, sign, colour, chosen, choose}. `mark` is a second value shown as a tick.
function barList(rows, { heads = [], colour = "var(--accent)" } = {}) {
  const largest = d3.max(rows, (row) => Math.max(row.value, row.mark ?? 0)) || 1;
  const share = (value) => `${Math.max(0, (100 * value) / largest)}%`;
  const list = element("div", { class: "bars" });
  if (heads.length)
    list.append(element("div", { class: "bars-head", "aria-hidden": "true" }, ...heads.map((head) => element("span", {}, head))));
  const lines = element("ul", {});
  for (const row of rows) {
    const bar = element("span", { class: "bar" });
    bar.style.setProperty("width", share(row.value));
    bar.style.setProperty("background", row.colour ?? colour);
    const track = element("span", { class: "track", "aria-hidden": "true" }, bar);
    if (row.mark !== null && row.mark !== undefined) {
      const mark = element("span", { class: "tick" });
      mark.style.setProperty("left", share(row.mark));
      track.append(mark);
    }
    const cells = [
      element("span", { class: "bar-name", title: row.name }, row.name),
      track,
      element("span", { class: "bar-value" }, row.text),
      heads.length > 1 ? element("span", { class: `bar-note ${tone(row.sign)}` }, row.note ?? "") : null,
    ];
    const attributes = { class: `bar-row${row.chosen === false ? " dim" : ""}` };
    lines.append(
      element("li", {}, row.choose
        ? element("button", { ...attributes, type: "button", onclick: row.choose, "data-focus": `bar ${row.key ?? row.name}` }, ...cells)
        : element("span", attributes, ...cells)),
    );
  }
  list.append(lines);
  if (heads.length < 2) list.classList.add("no-note");
  return list;
}

const tone = (sign) => (sign > 0 ? "up" : sign < 0 ? "down" : "");

// A row per measure, cut into parts that add up to all of it. `measures` are {name, column}, `parts` are
// {name, colour, onColour} with a number of each column.
function shares(label, width, measures, parts) {
  const pieces = measures.flatMap(({ name, column }) => {
    const length = (part) => Math.max(0, part[column]); // refunds may outweigh sales
    const whole = d3.sum(parts, length);
    return whole > 0 ? parts.map((part) => ({ ...part, measure: name, part: part.name, share: length(part) / whole })) : [];
  });
  const stacked = { y: "measure", x: "share", z: "part", order: parts.map((part) => part.name) };
  const isWide = ({ share }) => share * width > 50;
  return plot(label, width, {
    height: 12 + 34 * measures.length,
    marginLeft: 108,
    marginBottom: 4,
    marginRight: 2,
    marginTop: 4,
    x: { axis: null, domain: [0, 1] },
    y: { domain: measures.map((one) => one.name), label: null, tickSize: 0 },
    marks: [
      Plot.barX(pieces, { ...stacked, fill: (piece) => piece.colour, insetRight: 1, insetTop: 2, insetBottom: 2 }),
      Plot.text(pieces, Plot.stackX({ ...stacked, text: (piece) => (isWide(piece) ? percent(piece.share, 1) : ""), fill: (piece) => piece.onColour, fontWeight: 600 })),
    ],
  });
}

// Measure by measure, a bar for each side: {name, colour}. Each measure {name, of(side), text} has a scale of its own.
function pairs(label, width, measures, sides, isOneScale = false) {
  const largest = (measure) => d3.max(isOneScale ? measures.flatMap((one) => sides.map(one.of)) : sides.map(measure.of)) || 1;
  const bars = measures.flatMap((measure) =>
    sides.map((side) => ({ measure: measure.name, side: side.name, colour: side.colour, share: measure.of(side) / largest(measure), text: measure.text(measure.of(side)) })));
  return plot(label, width, {
    height: measures.length * (20 + 22 * sides.length),
    marginLeft: 2,
    marginRight: 70,
    marginTop: 2,
    marginBottom: 2,
    x: { axis: null, domain: [0, 1] },
    fy: { domain: measures.map((measure) => measure.name), axis: null, padding: 0 },
    y: { domain: ["", ...sides.map((side) => side.name)], axis: null, padding: 0.1 },
    marks: [
      Plot.text(measures, { fy: "name", y: () => "", frameAnchor: "left", textAnchor: "start", text: "name", fill: "var(--ink)" }),
      Plot.barX(bars, { fy: "measure", y: "side", x: "share", fill: (bar) => bar.colour, rx: 2 }),
      Plot.text(bars, { fy: "measure", y: "side", x: "share", text: "text", textAnchor: "start", dx: 6, fill: "var(--ink)" }),
    ],
  });
}

// Columns: {head, value(row), number: true for figures, right-aligned}.
function table(label, columns, rows) {
  const cell = (column, row, place) => {
    const attributes = { class: column.number ? "number" : null };
    const content = column.value(row) ?? "–";
    return place === 0 ? element("th", { scope: "row", ...attributes }, content) : element("td", attributes, content);
  };
  return element("div", { class: "table", tabindex: "0", role: "region", "aria-label": label },
    element("table", {},
      element("thead", {}, element("tr", {}, columns.map((column) =>
        element("th", { scope: "col", class: column.number ? "number" : null }, column.head)))),
      element("tbody", {}, rows.map((row) => element("tr", {}, columns.map((column, place) => cell(column, row, place)))))));
}

// Legend entries: {text, colour, kind: "box" (default), "dash", "mark"}.
const legend = (entries) =>
  element("ul", { class: "legend" }, entries.map(({ text, colour, kind = "box" }) => {
    const sign = element("span", { class: `key ${kind}`, "aria-hidden": "true" });
    sign.style.setProperty("--colour", colour);
    return element("li", {}, sign, text);
  }));

// One chart with all that belongs to it:
// {title, note, tag, legend, draw(width) -> node, table: {columns, rows}, wide, narrow}
function figure(id, one, width) {
  const details = one.table &&
    element("details", { "data-key": id }, element("summary", { "data-focus": `figures ${id}` }, "Show the figures"));
  details?.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1)
      details.append(table(one.title, one.table.columns, one.table.rows));
  });
  return element("div", { class: `figure${one.wide ? " wide" : ""}` },
    element("h3", {}, one.title, one.tag ? element("span", { class: "tag" }, one.tag) : null),
    one.note ? element("p", { class: "note" }, one.note) : null,
    one.legend ? legend(one.legend) : null,
    one.draw(width),
    details);
}
