// Keys of one letter (web/appearance.py lists them). What a key does, the page says:
// - the last element with aria-keyshortcuts="x" is used by the key x: a field gets the focus, else it is clicked;
// - elements with data-stop are walked through by j and k, with data-section by n and p; after the last one
//   the link with that key, if there is one, is followed;
// - b keeps the selected words (select.js), else the paragraph in which the reader is, by its link of class keep.
// A key does nothing in a field, with Ctrl, Alt or Meta, or where the browser's own use has taken it.

const WALKS = { j: ["[data-stop]", 1], k: ["[data-stop]", -1], n: ["[data-section]", 1], p: ["[data-section]", -1] };
// Where a reader's eye is taken to be: so far below the top of the window.
const EYE = 0.3;
// A place this near to the eye is the one where the reader is already.
const NEAR = 8;

const shown = (element) => element.checkVisibility();
const top = (element) => element.getBoundingClientRect().top;
const typing = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
const bound = (key) => [...document.querySelectorAll("[aria-keyshortcuts]")]
  .findLast((element) => element.getAttribute("aria-keyshortcuts").split(" ").includes(key) && shown(element));

let last = null;

// The next element of a walk: after the one last walked to, while it is in view; else after the reader's eye.
function next(selector, step) {
  const all = [...document.querySelectorAll(selector)].filter(shown);
  const held = last && all.includes(last) && top(last) >= 0 && top(last) <= innerHeight ? all.indexOf(last) : -1;
  if (held >= 0) return all[held + step];
  const aimed = all.indexOf(document.querySelector(`${selector}:target`));
  if (aimed >= 0) return all[aimed + step];
  const eye = innerHeight * EYE;
  const below = all.findIndex((element) => top(element) > (scrollY ? eye + NEAR : 0));
  return step > 0 ? all[below] : all[(below < 0 ? all.length : below) - 1];
}

function walk(key) {
  const found = next(...WALKS[key]);
  if (!found) return use(bound(key));
  last = found;
  if (!found.matches("a[href], button, summary")) found.tabIndex = -1;
  found.focus({ preventScroll: true });
  scrollBy(0, top(found) - innerHeight * EYE);
  return true;
}

function use(element) {
  if (!element) return false;
  if (typing(element)) {
    element.focus();
    element.select?.();
  } else {
    element.focus();
    element.click();
  }
  return true;
}

// The paragraph that holds the focus or is aimed at; else the first that reaches below the reader's eye.
function keep() {
  const here = document.activeElement.closest(".para") ?? document.querySelector(".para:target, .para:has(:target)") ??
    [...document.querySelectorAll(".para")].find((each) => each.getBoundingClientRect().bottom > innerHeight * EYE);
  return use(document.querySelector(".keep-selection")) || use(here?.querySelector(".keep")) || use(bound("b"));
}

addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  const done = event.key in WALKS ? walk(event.key) : event.key === "b" ? keep() : use(bound(event.key));
  if (done) event.preventDefault();
});

document.getElementById("show-keys").hidden = false;
