// Words selected in a text (data-work, its paragraphs with data-start and data-end) can be bookmarked: a link to
// the form appears at the window's foot, and in the order of Tab behind the paragraph where the selection ends.
// The server finds the words again in the paragraphs; here nothing is counted in letters.

// What a page shows in a paragraph and is no word of its text.
const ADDED = ".visually-hidden, .sign, .page, .pagemark, .permalink, .keep, .back, .margin, .missing, .hidden, summary";
const BLOCKS = "p, div, h2, blockquote, li";
// An address bears so many letters; of a longer selection the form shows the whole paragraphs.
const LONGEST = 3000;
const BEFORE = 200;
// Beside the folder of this module, for the archive may lie under a path of a larger site.
const FORM = new URL("../bookmarks/new", import.meta.url);

let link = null;

function textOf(range) {
  const words = range.cloneContents();
  words.querySelectorAll(ADDED).forEach((each) => each.remove());
  words.querySelectorAll(BLOCKS).forEach((each) => each.nextSibling && each.after(" "));
  return words.textContent;
}

function between(startNode, startOffset, endNode, endOffset) {
  const range = document.createRange();
  range.setStart(startNode, startOffset);
  range.setEnd(endNode, endOffset);
  return textOf(range);
}

const paragraphOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest("[data-start]");

// The selected words, made whole at both ends, and where they are; null where no words of one text are selected.
function chosen() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const first = paragraphOf(range.startContainer);
  const last = paragraphOf(range.endContainer) ?? first;
  const work = first?.closest("[data-work]");
  if (!work || last.closest("[data-work]") !== work) return null;
  const before = between(first, 0, range.startContainer, range.startOffset);
  const after = last.contains(range.endContainer) ? between(range.endContainer, range.endOffset, last, last.childNodes.length) : "";
  const words = before.match(/\S*$/)[0] + textOf(range) + after.match(/^\S*/)[0];
  if (!words.trim()) return null;
  return { work: work.dataset.work, start: first.dataset.start, end: last.dataset.end, label: work.dataset.keep, words, before, last };
}

const plain = (text) => text.replace(/\s+/g, " ").trim();

function offer() {
  const found = chosen();
  if (!found) {
    if (document.activeElement !== link) link?.remove();
    return;
  }
  const query = new URLSearchParams({ work_id: found.work, start: found.start, end: found.end });
  if (found.words.length <= LONGEST) {
    query.set("words", plain(found.words));
    query.set("before", plain(found.before.slice(-BEFORE).replace(/\S*$/, "")));
  }
  link ??= Object.assign(document.createElement("a"), { className: "button keep-selection", textContent: found.label });
  link.href = `${FORM}?${query}`;
  if (link.previousElementSibling !== found.last) found.last.after(link);
}

let waiting = 0;
document.addEventListener("selectionchange", () => {
  clearTimeout(waiting);
  waiting = setTimeout(offer, 150);
});
