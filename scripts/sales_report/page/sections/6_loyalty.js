const MEMBERSHIPS = [
  { membership: "member", name: "Members", colour: "var(--violet)" },
  { membership: "non_member", name: "Other customers", colour: "var(--grey)" },
  { membership: "guest", name: "Guests' orders", colour: "var(--accent-3)" },
];

const RELIABLE = 500; // an effect beyond 5 %, in hundredths

section({
  id: "loyalty",
  tag: "Loyalty",
  title: "Does the loyalty programme pay?",
  draw(view) {
    const rows = view.rows("loyalty_groups");
    const groups = MEMBERSHIPS.map((one) => ({ ...one, ...total(rows.filter((row) => row.membership === one.membership)) }));
    const hasProgramme = view.data.loyalty_groups.some((row) => row.membership === "member");
    const joined = view.data.loyalty_joining.find((row) => row.joined_period === "all");
    const days = view.company.settings.loyalty_window_days;
    return {
      answer: answer(view, groups, joined, hasProgramme, days),
      figures: [
        rows.length && hasProgramme ? compared(view, groups) : null,
        hasProgramme && joined.matched_customer_count ? joiners(view, joined, days) : null,
      ],
      reading: hasProgramme
        ? [
            "A member is a customer with at least one order on a loyalty card. Good customers have more chances to join, so members look",
            "good in any comparison. The fairer one takes those who joined with a later order than their first, and compares",
            "each with customers who had ordered as often and for as long, and did not join that day. Believe a difference",
            "only where it is clear and beyond about 5%. It may still be that people join because they plan to come more often.",
            "Customers count at the restaurant of their first order, orders of guests, who have no account, where they were placed.",
          ].join(" ")
        : "A member is a customer with at least one order on a loyalty card. Guests order without an account.",
    };
  },
});

const total = (rows) => ({
  customers: sum(rows, "customer_count"),
  active: sum(rows, "active_customer_count"),
  repeat: sum(rows, "repeat_customer_count"),
  recentOrders: sum(rows, "recent_order_count"),
  recentRevenue: sum(rows, "recent_net_revenue"),
  orders: sum(rows, "order_count"),
  discounts: sum(rows, "discount_amount"),
  revenue: sum(rows, "net_revenue"),
});

function answer(view, [members, others], joined, hasProgramme, days) {
  if (!hasProgramme) return [say`No order was placed with a loyalty card, so there is no programme to judge.`];
  return [members.customers ? bring(view, members, others) : say`No customer who first ordered here is a member.`, effect(view, joined, days)];
}

function bring(view, members, others) {
  const window = lately(view, view.company.settings.rfm_window_months);
  const time = `${window[0].toUpperCase()}${window.slice(1)}`;
  const order = (group) => exactAverage(group.recentRevenue, group.recentOrders) ?? "–";
  const often = (group) => decimal(group.recentOrders / group.customers);
  const named = view.isAll ? "a member" : "a member who first ordered here";
  return others.customers
    ? say`${time}, ${named} ordered ${strong(often(members))} times, another customer ${strong(often(others))} times; an order brought ${order(members)} and ${order(others)}. That alone shows nothing: whoever comes often has more chances to join.`
    : say`${time}, ${named} ordered ${strong(often(members))} times; an order brought ${order(members)}. Every customer is a member.`;
}

const margin = (joined) => `±${decimal(200 / Math.sqrt(joined.matched_customer_count))} points`;

function effect(view, joined, days) {
  const who = say`${view.isAll ? "The" : "Across all restaurants, the"} ${strong(plural(joined.matched_customer_count, "customer"))} who joined after their first order and can be compared`;
  if (joined.is_excess_clear === null)
    return joined.matched_customer_count
      ? say`${who} ${joined.matched_customer_count === 1 ? "is" : "are"} too few to tell.`
      : say`Nobody joined late and early enough to be compared with customers like them.`;
  const percentage = joined.excess_orders_pct;
  if (percentage === null) return say`${who} have nobody like them who ordered afterwards.`;
  const much = strong(`${decimal(Math.abs(percentage) / 100)}% ${percentage < 0 ? "fewer" : "more"}`);
  const clear = joined.is_excess_clear
    ? say`${strong("clear")}, beyond what chance brings (about ${margin(joined)})${Math.abs(percentage) > RELIABLE ? "" : ", but too small to rely on"}`
    : say`${strong("not clear")}, as chance alone may bring it (about ${margin(joined)})`;
  return say`${who} placed ${much} orders in the ${days} days after than customers like them: ${clear}.`;
}

function compared(view, groups) {
  const window = lately(view, view.company.settings.rfm_window_months);
  const customers = groups.slice(0, 2).filter((group) => group.customers);
  const measures = [
    { name: `Orders ${window}`, of: (group) => group.recentOrders / group.customers, text: decimal },
    { name: `Revenue ${window}`, of: (group) => group.recentRevenue / group.customers, text: moneyExact },
    { name: `Average order ${window}`, of: (group) => average(group.recentRevenue, group.recentOrders) ?? 0, text: moneyExact },
    { name: "Ordered again", of: (group) => group.repeat / group.customers, text: (value) => percent(value, 1, 1) },
    { name: "Active now", of: (group) => group.active / group.customers, text: (value) => percent(value, 1, 1) },
  ];
  const each = (cents, number) => exactAverage(cents, number);
  return {
    title: "Members and other customers",
    note: "Per customer; bars of one measure compare with each other only.",
    legend: customers.map((group) => ({ text: group.name, colour: group.colour })),
    draw: (width) => pairs("Members and other customers, measure by measure", width, measures, customers),
    table: {
      columns: [
        { head: "Whose", value: (group) => group.name },
        { head: "Customers", value: (group) => (group.membership === "guest" ? null : count(group.customers)), number: true },
        { head: "active now", value: (group) => (group.customers ? percent(group.active, group.customers, 1) : null), number: true },
        { head: "ordered again", value: (group) => (group.customers ? percent(group.repeat, group.customers, 1) : null), number: true },
        { head: `orders each ${window}`, value: (group) => (group.customers ? decimal(group.recentOrders / group.customers, 2) : null), number: true },
        { head: `revenue each ${window}`, value: (group) => each(group.recentRevenue, group.customers), number: true },
        { head: "Orders ever", value: (group) => count(group.orders), number: true },
        { head: "Revenue ever", value: (group) => moneyExact(group.revenue), number: true },
        { head: "average order ever", value: (group) => each(group.revenue, group.orders), number: true },
        { head: "discount", value: (group) => percent(group.discounts, group.revenue + group.discounts, 1), number: true },
      ],
      rows: groups,
    },
  };
}

function joiners(view, joined, days) {
  const matched = joined.matched_customer_count;
  const sides = [
    { name: "Those who joined", colour: "var(--violet)", before: joined.orders_before, after: joined.orders_after },
    { name: "Customers like them", colour: "var(--grey)", before: joined.expected_orders_before / 100, after: joined.expected_orders_after / 100 },
  ];
  const measures = [
    { name: `${days} days before`, of: (side) => side.before / matched, text: (value) => decimal(value, 2) },
    { name: `${days} days after`, of: (side) => side.after / matched, text: (value) => decimal(value, 2) },
  ];
  return {
    title: "Before and after joining",
    tag: view.everywhere(),
    note: "Orders a customer, beside customers on a like occasion who did not join that day.",
    legend: sides.map((side) => ({ text: side.name, colour: side.colour })),
    draw: (width) => pairs("Orders before and after joining", width, measures, sides, true),
    table: {
      columns: [
        { head: "Joined", value: (row) => (row.joined_period === "all" ? "All" : row.joined_period) },
        { head: "Customers", value: (row) => count(row.customer_count), number: true },
        { head: "compared", value: (row) => count(row.matched_customer_count), number: true },
        { head: "orders before", value: (row) => count(row.orders_before), number: true },
        { head: "like them", value: (row) => decimal(row.expected_orders_before / 100, 2), number: true },
        { head: "orders after", value: (row) => count(row.orders_after), number: true },
        { head: "like them", value: (row) => decimal(row.expected_orders_after / 100, 2), number: true },
        { head: "difference", value: (row) => signed(row.excess_orders_pct), number: true },
        { head: "clear", value: (row) => (row.is_excess_clear === null ? "too few" : row.is_excess_clear ? "yes" : "no") },
        { head: "not joined by then", value: (row) => (row.control_non_member_pct === null ? null : percent(row.control_non_member_pct, 10000, 1)), number: true },
        { head: "revenue after", value: (row) => moneyExact(row.net_revenue_after), number: true },
        { head: "like them", value: (row) => moneyExact(row.expected_net_revenue_after), number: true },
      ],
      rows: [joined, ...view.data.loyalty_joining.filter((row) => row !== joined)],
    },
  };
}
