// The page is HTML made by the server. Controls say what they want (data-do); the server answers with the
// HTML of the regions that changed (data-region), which is put in place without losing focus or scroll.

const main = document.getElementById("builder");

function put(name, html) {
  const place = document.querySelector(`[data-region="${name}"]`);
  if (!place) return;
  const focus = place.contains(document.activeElement) ? document.activeElement.id : "";
  const scrolls = [...place.querySelectorAll("[data-scroll][id]")].map((each) => [each.id, each.scrollTop, each.scrollLeft]);
  place.innerHTML = html;
  for (const [id, top, left] of scrolls) document.getElementById(id)?.scrollTo(left, top);
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
}

function keepAddress(address) {
  history.replaceState(null, "", address);
  for (const link of document.querySelectorAll("a[hreflang]")) link.href = `${address}&lang=${link.hreflang}`;
  for (const link of document.querySelectorAll("a.enter")) link.href = `/login?next=${encodeURIComponent(address)}`;
}

function hand(file) {
  const bytes = Uint8Array.from(atob(file.data), (letter) => letter.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: file.type }));
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function say(text) {
  const place = document.getElementById("said");
  place.textContent = text;
  place.classList.toggle("is-said", Boolean(text));
  clearTimeout(say.timer);
  say.timer = setTimeout(() => place.classList.remove("is-said"), 6_000);
}

function show(panel) {
  for (const each of main.querySelectorAll("[data-panel]")) each.hidden = each.dataset.panel !== panel;
  for (const each of main.querySelectorAll("[data-show]")) each.setAttribute("aria-pressed", each.dataset.show === panel);
}

function fit(box) {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
}

function layout() {
  const figure = main.querySelector("figure.chart");
  return figure && figure.clientWidth < 600 ? "narrow" : "wide";
}

const width = () => Math.round(main.querySelector(".chart-drawing").clientWidth);

const dark = matchMedia("(prefers-color-scheme: dark)");

export function render({ model, view }) {
  let busy;
  const send = (message) => {
    clearTimeout(busy);
    busy = setTimeout(() => main.setAttribute("aria-busy", "true"), 200);
    model.send_msg(message);
  };
  const look = () => model.send_msg({ do: "look", value: layout(), width: width(), on: dark.matches });

  model.on("msg:custom", (said) => {
    if (said.regions) {
      clearTimeout(busy);
      main.removeAttribute("aria-busy");
      for (const [name, html] of Object.entries(said.regions)) put(name, html);
      main.querySelectorAll("textarea").forEach(fit);
    }
    if ("live" in said) main.querySelector(".chart-drawing")?.setAttribute("data-state", said.live ? "live" : "");
    if (said.address) { main.classList.remove("is-waiting"); keepAddress(said.address); }
    if ("say" in said) say(said.say);
    if (said.file) hand(said.file);
    if (said.go) location.assign(said.go);
  });

  const told = (control) => ({ do: control.dataset.do, field: control.dataset.field ?? "", value: control.value ?? "" });

  main.addEventListener("change", ({ target }) => {
    const range = target.closest("[data-do=range]");
    if (range) {
      const [low, high] = range.querySelectorAll("input");
      send({ do: "range", field: range.dataset.field, low: low.value, high: high.value });
    } else if (target.dataset.do && target.dataset.do !== "seek") {
      send({ ...told(target), on: target.checked ?? false });
    }
  });

  main.addEventListener("click", ({ target }) => {
    const button = target.closest("button, summary");
    if (!button) return;
    if (button.dataset.reload !== undefined) location.reload();
    if (button.dataset.show) show(button.dataset.show);
    if (button.dataset.copy !== undefined) navigator.clipboard.writeText(location.href).then(() => say(button.dataset.copy));
    if (button.getAttribute("aria-disabled") === "true") say(button.title);
    else if (button.dataset.do) send(told(button));
    if (button.closest("menu")) button.closest("details").open = false;
  });

  let seeking;
  main.addEventListener("input", ({ target }) => {
    if (target.tagName === "TEXTAREA") fit(target);
    if (target.dataset.do !== "seek") return;
    clearTimeout(seeking);
    seeking = setTimeout(() => model.send_msg(told(target)), 180);
  });

  main.addEventListener("toggle", ({ target }) => {
    if (target.dataset.facet !== undefined) model.send_msg({ do: "facet", field: target.dataset.facet, on: target.open });
  }, true);

  main.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (key === "Enter" && target.tagName === "TEXTAREA") { event.preventDefault(); target.blur(); }
    if (key === "Escape") target.closest("details[data-menu]")?.removeAttribute("open");
  });

  document.addEventListener("keydown", (event) => {
    const writing = /^(INPUT|TEXTAREA)$/.test(event.target.tagName);
    if (writing || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    send({ do: event.shiftKey ? "redo" : "undo" });
  });

  document.addEventListener("click", ({ target }) => {
    for (const menu of main.querySelectorAll("details[data-menu][open]")) if (!menu.contains(target)) menu.open = false;
  });

  view.model.document?.on_event("connection_lost", () => { document.getElementById("lost").hidden = false; });

  let shown = layout();
  new ResizeObserver(() => { if (layout() !== shown) { shown = layout(); look(); } }).observe(main);
  dark.addEventListener("change", look);
  main.querySelectorAll("textarea").forEach(fit);
  main.dataset.ready = "";
  model.send_msg({ do: "ready", value: layout(), width: width(), on: dark.matches });
}
