// What the comparison page does beyond its links and forms: nothing here is needed to read it.

const TIED = /^t\d+$/;

function tieOf(element) {
  for (let at = element; at && at !== document.body; at = at.parentElement) {
    const tie = [...at.classList].find((name) => TIED.test(name));
    if (tie) return tie;
  }
  return null;
}

// Pointing at words on one side, or moving the focus to them, shows their fellows on the other.
function answer(both, event) {
  const tie = event.type === "pointerleave" || event.type === "focusout" ? null : tieOf(event.target);
  both.querySelectorAll(".answers").forEach((one) => one.classList.remove("answers"));
  if (tie) both.querySelectorAll(`.${tie}`).forEach((one) => one.classList.add("answers"));
}

// The tied words of a side are one stop of the tab key; arrow keys move among them.
function stops(sheet) {
  const ties = [...sheet.querySelectorAll("a.tie")];
  ties.forEach((tie, number) => { tie.tabIndex = number ? -1 : 0; });
  sheet.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = ties.indexOf(document.activeElement);
    if (!step || at < 0 || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const next = ties[at + step];
    if (!next) return;
    ties[at].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    event.preventDefault();
  });
}

function prepare() {
  const both = document.querySelector(".beside");
  for (const kind of ["pointerover", "pointerleave", "focusin", "focusout"]) {
    both.addEventListener(kind, (event) => answer(both, event));
  }
  both.querySelectorAll(".sheet").forEach(stops);
  both.addEventListener("click", (event) => {
    const link = event.target.closest("a.more");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    more(both, link);
  });
}

// More context comes in place: what is read stays where it is on the screen.
async function more(both, link) {
  const sheet = link.closest(".sheet");
  const label = link.textContent;
  const kept = sheet.querySelector(".said:not(.far)") || sheet;
  const before = kept.getBoundingClientRect().top;
  const open = new Set([...both.querySelectorAll("details[open][id]")].map((one) => one.id));
  let fresh;
  try {
    const response = await fetch(link.href);
    if (!response.ok) throw new Error(response.statusText);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    fresh = page.querySelector(".beside");
  } catch {
    fresh = null;
  }
  if (!fresh) {
    location.assign(link.href);
    return;
  }
  both.replaceWith(fresh);
  history.replaceState(null, "", link.href.replace(/#.*/, ""));
  fresh.querySelectorAll("details[id]").forEach((one) => { one.open = open.has(one.id); });
  prepare();
  const now = document.getElementById(sheet.id);
  const still = now.querySelector(".said:not(.far)") || now;
  scrollBy({ top: still.getBoundingClientRect().top - before, behavior: "instant" });
  const again = [...now.querySelectorAll("a.more")].find((one) => one.textContent === label);
  (again || now.querySelector(".tools:last-child a"))?.focus({ preventScroll: true });
}

// Following a tie into folded words opens them.
function unfold() {
  const target = document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) target.open = true;
  target?.closest("details")?.setAttribute("open", "");
}

function copying(area) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = area.dataset.copy;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(area.value);
    } catch {
      area.select();
      document.execCommand("copy");
    }
    button.textContent = area.dataset.copied;
    setTimeout(() => { button.textContent = area.dataset.copy; }, 2000);
  });
  area.closest("label").after(button);
}

prepare();
unfold();
addEventListener("hashchange", unfold);
document.querySelectorAll("textarea[data-copy]").forEach(copying);
document.querySelectorAll("button[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
