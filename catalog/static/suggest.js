// Offers datasets, themes and publishers under a search box while somebody types; without it the box searches.

const PAUSE = 120;

function offer(form) {
  const input = form.querySelector("input[type=search]");
  const list = document.createElement("ul");
  list.id = `${input.id}-offers`;
  list.className = "offers";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.dataset.offers);
  input.after(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" })) {
    input.setAttribute(name, value);
  }
  let asking, timer;

  function close() {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function option({ text, detail, url }, place) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const said = document.createElement("span");
    const about = document.createElement("small");
    item.id = `${list.id}-${place}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    link.href = url;
    link.tabIndex = -1;
    said.textContent = text;
    about.textContent = detail;
    link.append(said, about);
    item.append(link);
    return item;
  }

  async function ask() {
    const text = input.value.trim();
    if (!text) return close();
    asking?.abort();
    asking = new AbortController();
    const query = new URLSearchParams({ q: text, lang: document.documentElement.lang });
    try {
      const answer = await fetch(`/api/suggest?${query}`, { signal: asking.signal });
      if (!answer.ok) return close();
      const { offers } = await answer.json();
      if (document.activeElement !== input) return close();
      list.replaceChildren(...offers.map(option));
      list.hidden = !offers.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      input.removeAttribute("aria-activedescendant");
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  // Past either end nothing is chosen, and Enter searches for the text typed.
  function move(step) {
    const items = [...list.children];
    const places = items.length + 1;
    const here = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
    const next = ((here < 0 ? items.length : here) + step + places) % places;
    items.forEach((item, place) => item.setAttribute("aria-selected", String(place === next)));
    input.removeAttribute("aria-activedescendant");
    if (items[next]) {
      input.setAttribute("aria-activedescendant", items[next].id);
      items[next].scrollIntoView({ block: "nearest" });
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.hidden) {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "ArrowDown" && list.hidden) {
      ask();
    } else if (event.key === "Enter" && !list.hidden) {
      const chosen = list.querySelector("[aria-selected=true] a");
      if (chosen) {
        event.preventDefault();
        location.assign(chosen.href);
      }
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  input.addEventListener("blur", close);
  form.addEventListener("submit", close);
}

document.querySelectorAll("form[data-offers]").forEach(offer);
