// What a report must hold before it is shared: the same rules, the same verdict as visits/completeness.py.

const isEmpty = (value, blanks) =>
  value === null || value === undefined || (typeof value === "string" && [...value].every((letter) => blanks.includes(letter)));

const isMet = (rule, row, blanks) =>
  Object.entries(rule.when).every(([name, values]) => values.includes(row[name] ?? null)) &&
  !rule.filled.some((name) => isEmpty(row[name], blanks));

function* gapsOf(rule, answers, blanks) {
  const rows = rule.over ? (answers[rule.over] ?? []) : [answers];
  const chosen = rows.filter((row) => isMet(rule, row, blanks));
  if (rule.at_least) {
    if (chosen.length < rule.at_least) yield gap(rule, {}, "");
    return;
  }
  for (const row of chosen) {
    const wrong = rule.needs.filter((name) => isEmpty(row[name], blanks));
    if (wrong.length) yield gap(rule, row, wrong[0]);
    else if (rule.shape && !holds(rule.shape, row, blanks)) yield gap(rule, row, rule.shape.field);
  }
}

const gap = (rule, row, field) => ({
  code: rule.code,
  over: rule.over,
  row: String(row.key ?? ""),
  field,
  message: rule.message.replaceAll("{title}", () => String(row.title ?? "")),
});

// A shape says something of a value that is there; nothing of one that is not.
function holds(shape, row, blanks) {
  const value = row[shape.field];
  if (value === null || value === undefined || value === "") return true;
  if ("most" in shape) return Number.isInteger(value) && value >= 0 && value <= shape.most;
  if ("since" in shape) return typeof value !== "string" || isEmpty(value, blanks) || value >= shape.since;
  const other = row[shape.after ?? shape.until];
  if (typeof value !== "string" || typeof other !== "string" || other === "") return true;
  return shape.after ? value > other : value <= other;
}

export function missing({ rules, blanks }, answers, level = "closing") {
  return rules
    .filter((rule) => rule.level === level && (!rule.kinds.length || rule.kinds.includes(answers.kind)))
    .flatMap((rule) => [...gapsOf(rule, answers, blanks)]);
}
