// Puts what is so into the page, and touches nothing that is so already.

export const byId = (id) => document.getElementById(id);

export function setText(node, text) {
  const wanted = String(text);
  if (node.firstChild === null || node.firstChild.nodeType !== Node.TEXT_NODE) {
    node.textContent = wanted;
  } else if (node.firstChild.data !== wanted) {
    node.firstChild.data = wanted;
  }
}

export function setData(node, name, value) {
  if (node.dataset[name] !== String(value)) node.dataset[name] = value;
}

export function show(node, is_shown) {
  if (node.hidden === is_shown) node.hidden = !is_shown;
}

// Rows that stay are kept, each under its key, and put into the order of the items. Of items that
// share a key, each has a row all the same.
export function rows(parent, items, keyOf, make, fill) {
  const kept = new Map();
  for (const row of parent.children) kept.set(row.dataset.key, row);
  const given = new Set();
  let place = parent.firstElementChild;
  for (const item of items) {
    let key = String(keyOf(item));
    while (given.has(key)) key += "+";
    given.add(key);
    let row = kept.get(key);
    if (row === undefined) {
      row = make(item);
      row.dataset.key = key;
    }
    kept.delete(key);
    if (row === place) place = place.nextElementSibling;
    else parent.insertBefore(row, place);
    fill(row, item);
  }
  for (const row of kept.values()) row.remove();
}

// A row of a table: its first cell heads it.
export function rowOf(classes, head = 0) {
  const row = document.createElement("tr");
  classes.forEach((name, at) => {
    const cell = document.createElement(at === head ? "th" : "td");
    if (at === head) cell.scope = "row";
    if (name) cell.className = name;
    row.append(cell);
  });
  return row;
}
