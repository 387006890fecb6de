"use strict";
document.documentElement.classList.add("js");
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.copy !== undefined) {
    const text = button.previousElementSibling.textContent;
    try { await navigator.clipboard.writeText(text); }
    catch {
      const area = document.createElement("textarea");
      area.value = text; document.body.append(area); area.select(); document.execCommand("copy"); area.remove();
    }
    button.textContent = button.dataset.done;
  }
  if (button.dataset.sort !== undefined) {
    const table = button.closest("table"), body = table.tBodies[0], place = button.closest("th").cellIndex;
    const down = button.dataset.down = button.dataset.down === "1" ? "0" : "1";
    const key = (row) => row.cells[place].dataset.value ?? row.cells[place].textContent;
    const rows = [...body.rows].sort((one, other) => key(one).localeCompare(key(other), undefined, {numeric: true}));
    body.append(...(down === "1" ? rows.reverse() : rows));
  }
});
document.addEventListener("input", (event) => {
  const field = event.target.closest("input.filter");
  if (!field) return;
  const wanted = field.value.toLowerCase();
  for (const row of document.getElementById(field.dataset.table).tBodies[0].rows)
    row.hidden = !row.textContent.toLowerCase().includes(wanted);
});
addEventListener("beforeprint", () => { for (const one of document.querySelectorAll("details")) one.open = true; });
