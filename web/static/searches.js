// The list of past searches. It stays in this browser's own storage, is never sent, has a bound, and can be
// cleared and switched off on the page of saved searches. The page of results says what was searched for and
// found, in data-search and data-found.

const LIST = "loccit.searches";
const SWITCH = "loccit.searches.off";
const MOST = 100;
// Beside the folder of this module, for the archive may lie under a path of a larger site.
const RESULTS = new URL("../search", import.meta.url);

function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(LIST) ?? "[]");
    return Array.isArray(found) ? found.filter((past) => typeof past?.address === "string") : [];
  } catch {
    return [];
  }
}

function keep(list) {
  try {
    localStorage.setItem(LIST, JSON.stringify(list.slice(0, MOST)));
  } catch {
    // No room, or none allowed: then nothing is remembered.
  }
}

function off() {
  try {
    return localStorage.getItem(SWITCH) !== null;
  } catch {
    return true;
  }
}

function note({ search, found, told }) {
  if (off()) return;
  const past = { address: search, query: new URLSearchParams(search).get("q") ?? "", told, found, when: new Date().toISOString() };
  keep([past, ...kept().filter((other) => other.address !== search)]);
}

function line(past) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `${RESULTS}?${past.address}`;
  link.textContent = past.query;
  const more = document.createElement("span");
  more.className = "n";
  more.textContent = ` ${[past.told, past.found, String(past.when).slice(0, 16).replace("T", " ")].filter(Boolean).join(" · ")}`;
  item.append(link, more);
  return item;
}

function show(place) {
  const list = kept();
  place.querySelector("ol").replaceChildren(...list.map(line));
  place.querySelector(".none").hidden = list.length > 0;
  place.querySelector("[data-clear]").hidden = list.length === 0;
  place.querySelector("[data-keep]").checked = !off();
  place.hidden = false;
}

const results = document.querySelector("[data-search]");
if (results) note(results.dataset);

const place = document.getElementById("history");
if (place) {
  place.querySelector("[data-clear]").addEventListener("click", () => {
    keep([]);
    show(place);
  });
  place.querySelector("[data-keep]").addEventListener("change", (event) => {
    if (event.target.checked) localStorage.removeItem(SWITCH);
    else localStorage.setItem(SWITCH, "yes");
    show(place);
  });
  show(place);
}
