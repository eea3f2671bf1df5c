// Suggestions in the search box while typing, as a combobox with a listbox (ARIA Authoring Practices, 1.2).
// Without this module the box is what it is: a field of a form.

const WAIT = 120; // milliseconds without a key before the server is asked
// Beside the folder of this module, for the archive may lie under a path of a larger site.
const SUGGEST = new URL("../suggest", import.meta.url);

function combobox(field, number) {
  const list = document.createElement("ul");
  list.id = `suggestions-${number}`;
  list.className = "suggestions";
  list.role = "listbox";
  list.ariaLabel = field.dataset.suggestions;
  list.hidden = true;
  field.parentElement.append(list);
  field.role = "combobox";
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");

  let typed = field.value;
  let chosen = -1;
  let timer = 0;
  let asked = null;

  const close = () => {
    list.hidden = true;
    chosen = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const choose = (number) => {
    const options = [...list.children];
    chosen = number;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === number)));
    field.value = number < 0 ? typed : options[number].textContent;
    if (number < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", options[number].id);
  };

  const show = (words) => {
    list.replaceChildren(...words.map((word, at) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${at}`;
      option.role = "option";
      option.setAttribute("aria-selected", "false");
      option.textContent = word;
      return option;
    }));
    chosen = -1;
    list.hidden = words.length === 0;
    field.setAttribute("aria-expanded", String(words.length > 0));
  };

  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(`${SUGGEST}?${new URLSearchParams({ q: typed })}`, { signal: asked.signal });
      const [of, words] = answer.ok ? await answer.json() : ["", []];
      if (of === field.value && document.activeElement === field) show(words.filter((word) => word !== of));
    } catch {
      // The next key asks again.
    }
  };

  field.addEventListener("input", () => {
    typed = field.value;
    clearTimeout(timer);
    if (typed.trim()) timer = setTimeout(ask, WAIT);
    else close();
  });

  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) return;
      event.preventDefault();
      const places = list.children.length + 1; // one of them the field itself
      choose(((chosen + 1 + (event.key === "ArrowDown" ? 1 : places - 1)) % places) - 1);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      choose(-1);
      close();
    }
  });

  // Before the field loses the focus, so that it keeps it.
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (!option) return;
    field.value = option.textContent;
    close();
    field.form.requestSubmit();
  });

  field.addEventListener("blur", close);
}

document.querySelectorAll("form.search input[name=q]").forEach(combobox);
