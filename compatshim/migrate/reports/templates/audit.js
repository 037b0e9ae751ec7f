
"use strict";

// Tables: a button in each heading sorts by its column, first the most or the first.
const collator = new Intl.Collator("en", {numeric: true});

function sortBy(heading) {
  const table = heading.closest("table");
  const column = heading.cellIndex;
  const isNumber = heading.classList.contains("number");
  const before = heading.getAttribute("aria-sort");
  const order = before ? (before === "ascending" ? "descending" : "ascending")
    : (isNumber ? "descending" : "ascending");
  const valueOf = row => {
    const text = row.cells[column].textContent.trim();
    return isNumber ? Number(text.replaceAll(",", "")) : text;
  };
  const compare = isNumber ? (one, other) => one - other : collator.compare;
  const sign = order === "ascending" ? 1 : -1;
  const body = table.tBodies[0];
  const rows = [...body.rows].map(row => [valueOf(row), row]);
  rows.sort(([one], [other]) => sign * compare(one, other));
  body.append(...rows.map(([, row]) => row));
  for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", order);
}

for (const heading of document.querySelectorAll(".sortable thead th")) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...heading.childNodes);
  button.addEventListener("click", () => sortBy(heading));
  heading.append(button);
}

// The picture: one stop for the tab key, and from there the arrow keys.
const directions = {
  ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1],
};

function middle(link) {
  const box = link.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}

function nearest(links, from, [across, down]) {
  const [x, y] = middle(from);
  let best = null;
  let least = Infinity;
  for (const link of links) {
    const [left, top] = middle(link);
    const ahead = (left - x) * across + (top - y) * down;
    const aside = Math.abs((left - x) * down) + Math.abs((top - y) * across);
    if (ahead > 1 && ahead + 2 * aside < least) {
      best = link;
      least = ahead + 2 * aside;
    }
  }
  return best;
}

for (const picture of document.querySelectorAll(".treemap")) {
  const links = [...picture.querySelectorAll("a")];
  const stop = link => {
    for (const other of links) other.setAttribute("tabindex", other === link ? "0" : "-1");
  };
  if (links.length) stop(links[0]);
  picture.addEventListener("focusin", event => stop(event.target.closest("a")));
  picture.addEventListener("keydown", event => {
    const direction = directions[event.key];
    const from = event.target.closest("a");
    const link = direction && from && nearest(links, from, direction);
    if (link) {
      event.preventDefault();
      link.focus();
    }
  });
}
