// The staffing ratio while the numbers are typed, from the table that the page holds (visits/ratio.py): no rule is here.

const counted = (number, one, many) => `${number} ${number > 1 ? many : one}`;

// "" while a number is missing, or beyond the table.
export function ratioOf(table, seen) {
  const [first, second, staff1, staff2] = ["present_non_walkers", "present_walkers", "staff_category_1", "staff_category_2"].map((name) => seen[name]);
  if (!table || ![first, second, staff1, staff2].every((number) => Number.isInteger(number) && number >= 0)) return "";
  const required = Number.parseInt(table.needs[first]?.[second] ?? "", 36);
  if (Number.isNaN(required)) return "";
  const present = staff1 + staff2;
  const told = [`${counted(present, "professionnel présent", "professionnels présents")} pour ${counted(first + second, "enfant", "enfants")} (${first} ${table.groups[0]}, ${second} ${table.groups[1]})\u202f; ${required} requis (${table.rule}).`];
  if (present < required) told.push("En dessous du nombre requis.");
  if (required && table.category_1 && !staff1) told.push("Aucun professionnel de catégorie 1 présent (CSP, art. R. 2324-43-1).");
  return told.join(" ");
}
