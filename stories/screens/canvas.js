// The story as it will look, to write in: every change is sent to Python, which answers with what changed.

const WAIT = 200;
const DRAWN = ["chart", "steps", "table"];

export function render({ model, el }) {
  const say = model.words;
  const article = make("article", { lang: model.story.language });
  const canvas = make("div", { className: "story writing" }, article);
  const live = make("p", { className: "sr", role: "status" });
  const nodes = new Map();
  const waiting = new Map();
  const around = surround({ say, isTyping: () => waiting.size > 0, send: act, goTo: (where) => focus(where), insert, canvas, studio: model.studio_href });
  const page = make("div", { className: "editor" }, ...around.nodes, live);
  let order = [];
  let adding = false;
  let finding = null;

  const kept = keeping({ key: `relato-story-${model.story_id}`, say, around, isTyping: () => waiting.size > 0 });
  const send = (message) => model.send_msg(kept.sent(message));

  // What moves others waits until a press is over, or the press would miss what it aimed at.
  let pressed = false;
  page.addEventListener("pointerdown", () => { pressed = true; }, true);
  addEventListener("pointerup", () => { pressed = false; }, true);
  function settled(then) {
    if (pressed) addEventListener("pointerup", () => setTimeout(then), { once: true });
    else then();
  }

  function flush(key) {
    const pending = waiting.get(key);
    if (!pending) return;
    clearTimeout(pending.timer);
    waiting.delete(key);
    send(pending.message);
  }

  const flushAll = () => [...waiting.keys()].forEach(flush);

  function act(message) {
    flushAll();
    if (kept.isCut()) live.textContent = say.cut_act;
    else send(message);
  }

  function type(key, message) {
    clearTimeout(waiting.get(key)?.timer);
    around.typing();
    kept.typed(key, message, before(message));
    waiting.set(key, { message, timer: setTimeout(() => flush(key), WAIT) });
  }

  // The text of a place as the server last told it.
  function before({ block, name }) {
    const views = [...nodes.values()].flatMap((node) => [node.view, ...(node.stepNodes ? [...node.stepNodes.values()].map((step) => step.view) : [])]);
    return block ? views.find((view) => view?.id === block)?.texts?.[name] ?? "" : told[name];
  }

  // A field for words: grows with them, sends them while they are typed.
  function field(block, name, label, text, className) {
    const key = `${block}/${name}`;
    const area = make("textarea", {
      className: `field ${className}`, value: text, rows: 1, placeholder: label, spellcheck: true,
      oninput: () => {
        grow(area);
        type(key, { do: "write", block, name, text: area.value });
      },
      onblur: () => flush(key),
    });
    area.setAttribute("aria-label", label);
    area.lang = model.story.language;
    area.isDirty = () => waiting.has(key);
    new ResizeObserver(() => grow(area)).observe(area);
    return area;
  }

  function refresh(area, text, force) {
    if (area.value === text || (!force && (area.isDirty() || area.matches(":focus")))) return;
    area.value = text;
    grow(area);
  }

  const told = { title: model.story.title, lead: model.story.lead, byline: model.story.byline };
  const lines = {
    title: field("", "title", say.title, model.story.title, "h1"),
    lead: field("", "lead", say.lead, model.story.lead, "lead"),
    byline: field("", "byline", say.byline, model.story.byline, "byline"),
  };
  for (const name of ["title", "lead", "byline"]) lines[name].id = name;
  const opening = make("header", { className: "opening" }, make("h1", {}, lines.title), lines.lead, lines.byline);
  const body = make("div", { className: "body" });
  article.append(opening, body);

  // Between blocks: one "+" that opens into what can be put there.
  function gap(at) {
    const box = make("div", { className: "gap" });
    const close = () => box.replaceChildren(opener);
    const put = (kind, chart = "", spec = "") => {
      close();
      adding = true;
      act({ do: "add", kind, chart, spec, at });
    };
    const opener = button(say.add, "+", () => {
      const menu = make("div", { className: "menu", role: "group" },
        ...["text", "heading", "chart", "steps", "table", "image", "embed", "quote", "number", "divider"].map((kind) =>
          make("button", { type: "button", onclick: () => (DRAWN.includes(kind) ? choose(box, kind, put) : put(kind)) }, say[kind])),
        button(say.close, "×", () => { close(); opener.focus(); }, "close"));
      box.replaceChildren(menu);
      menu.querySelector("button").focus();
    }, "plus");
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { close(); opener.focus(); }
    });
    box.append(opener);
    return box;
  }

  function choose(box, kind, put) {
    const list = make("div", { className: "menu charts", role: "group" });
    for (const chart of model.charts) {
      const picture = make("img", { src: chart.svg, alt: "", loading: "lazy" });
      list.append(make("button", { type: "button", onclick: () => put(kind, chart.id) }, picture, make("span", {}, chart.name)));
    }
    if (!model.charts.length) list.append(make("p", {}, say.no_charts));
    list.append(make("a", { href: model.data_href, target: "_blank" }, say.find_data), button(say.close, "×", () => box.replaceChildren(gap(0).firstChild), "close"));
    const words = make("input", { type: "search", placeholder: say.search });
    words.setAttribute("aria-label", say.search);
    const results = make("div", { className: "results", role: "status" });
    let looking;
    words.addEventListener("input", () => {
      clearTimeout(looking);
      looking = setTimeout(() => { if (words.value.trim()) { results.textContent = say.looking; act({ do: "find", text: words.value }); } }, 300);
    });
    finding = {
      found: (every) => results.replaceChildren(...(every.length ? every.map((one) => make("section", {},
        make("p", {}, make("strong", {}, one.title), one.organization ? ` · ${one.organization}` : ""),
        ...one.files.map((file) => make("button", { type: "button", className: "file", onclick: () => {
          results.textContent = say.looking;
          act({ do: "ask", resource: file.id });
        } }, file.name)))) : [make("p", {}, say.nothing_found)])),
      asked: (every, refused) => {
        results.replaceChildren(...(refused ? [make("p", {}, refused)] : every.map((one) => {
          const picture = make("span", { className: "picture" });
          picture.innerHTML = one.svg; // drawn by our own renderer, which escapes
          picture.setAttribute("aria-hidden", "true");
          return make("button", { type: "button", onclick: () => put(kind, "", one.spec) }, picture, make("span", {}, one.question));
        })));
        results.querySelector("button")?.focus();
      },
    };
    list.prepend(words, results);
    box.replaceChildren(list);
    words.focus();
  }

  function tools(id) {
    const handle = button(say.drag, "⠿", () => {}, "handle");
    handle.addEventListener("pointerdown", (event) => drag(event, id));
    return make("div", { className: "tools", role: "toolbar" },
      handle,
      button(say.up, "↑", () => move(id, -1)),
      button(say.down, "↓", () => move(id, 1)),
      button(say.copy, "❐", () => act({ do: "copy", block: id })),
      button(say.remove, "×", () => act({ do: "remove", block: id })));
  }

  function move(id, by) {
    const to = order.indexOf(id) + by;
    if (to < 0 || to >= order.length) return;
    act({ do: "move", block: id, to });
    live.textContent = `${to + 1} / ${order.length}`;
  }

  function drag(event, id) {
    event.preventDefault();
    const dragged = nodes.get(id).box;
    dragged.classList.add("dragged");
    let to = order.indexOf(id);
    const follow = (moved) => {
      const others = order.filter((other) => other !== id);
      to = others.filter((other) => {
        const box = nodes.get(other).box.getBoundingClientRect();
        return box.top + box.height / 2 < moved.clientY;
      }).length;
      others.forEach((other, place) => {
        nodes.get(other).box.classList.toggle("before", place === to);
        nodes.get(other).box.classList.toggle("after", to === others.length && place === to - 1);
      });
    };
    const drop = () => {
      window.removeEventListener("pointermove", follow);
      for (const { box } of nodes.values()) box.classList.remove("before", "after", "dragged");
      if (to !== order.indexOf(id)) act({ do: "move", block: id, to });
    };
    window.addEventListener("pointermove", follow);
    window.addEventListener("pointerup", drop, { once: true });
    window.addEventListener("pointercancel", drop, { once: true });
  }

  // One block: what readers will see; a text opens into its Markdown when pressed.
  function build(view) {
    const box = make("section", { className: `block ${view.kind}`, tabIndex: -1 });
    box.id = view.id;
    const shown = make("div", { className: "shown" });
    const node = { box, shown, view };
    box.append(tools(view.id));
    box.addEventListener("keydown", (event) => {
      if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
        event.preventDefault();
        move(view.id, event.key === "ArrowUp" ? -1 : 1);
      }
    });
    node.areas = Object.fromEntries(Object.entries(view.texts).map(([name, text]) =>
      [name, field(view.id, name, say[`${view.kind}_${name}`], text, `${view.kind}-${name}`)]));
    if (view.kind === "steps") {
      node.steps = make("ol", { className: "steps-written" });
      node.stepNodes = new Map();
      box.append(node.steps);
      arrangeSteps(node, view.steps, true);
      return node;
    }
    node.area = Object.values(node.areas)[0];
    if (["text", "quote", "number"].includes(view.kind)) openable(node);
    else if (view.kind === "image") box.append(shown, uploader(view.id), ...Object.values(node.areas));
    else if (view.kind === "embed") box.append(...Object.values(node.areas), shown);
    else if (view.kind === "chart" || view.kind === "table") box.append(shown, make("p", { className: "doors" }, make("a", { href: view.href, target: "_blank" }, say.edit_chart)), node.area);
    else box.append(node.area ?? shown);
    shown.innerHTML = view.html; // written by the page's own renderer, which escapes and cleans
    return node;
  }

  // A picture goes to the server by a form of ours, which brings its own token.
  function uploader(id) {
    const file = make("input", { type: "file", accept: "image/jpeg,image/png,image/webp,image/gif" });
    const told = make("p", { className: "told", role: "status" });
    file.setAttribute("aria-label", say.image_choose);
    file.addEventListener("change", async () => {
      if (!file.files.length) return;
      told.textContent = say.image_sending;
      try {
        const page = new DOMParser().parseFromString(await (await fetch(model.images_href)).text(), "text/html");
        const form = new FormData(page.querySelector("main form"));
        form.set("image", file.files[0]);
        const answer = await fetch(model.images_href, { method: "POST", body: form });
        if (!answer.ok) {
          const refusal = new DOMParser().parseFromString(await answer.text(), "text/html");
          throw new Error(refusal.querySelector("main p")?.textContent ?? answer.statusText);
        }
        act({ do: "picture", block: id, ...(await answer.json()) });
        told.textContent = "";
      } catch (error) {
        told.textContent = error.message || say.image_failed;
      }
    });
    return make("div", { className: "uploader" }, make("label", {}, say.image_choose, file), told);
  }

  function arrangeSteps(node, views, force) {
    for (const view of views) {
      const known = node.stepNodes.get(view.id);
      if (known) updateStep(known, view, force);
      else node.stepNodes.set(view.id, buildStep(view));
    }
    const ids = views.map((view) => view.id);
    for (const [id, step] of node.stepNodes) {
      if (!ids.includes(id)) { step.box.remove(); node.stepNodes.delete(id); }
    }
    const now = [...node.steps.children].map((box) => box.dataset.id);
    if (now.join() !== ids.join()) {
      const focused = page.getRootNode().activeElement;
      node.steps.replaceChildren(...ids.map((id) => node.stepNodes.get(id).box));
      if (focused?.isConnected) focused.focus();
      else if (now.length && ids.length > now.length) node.stepNodes.get(ids.find((id) => !now.includes(id))).area.focus();
    }
    node.stepNodes.forEach(({ area }) => grow(area));
  }

  // One step: its words, what its view shows, and the view itself.
  function buildStep(view) {
    const area = field(view.id, "markdown", say.step_markdown, view.texts.markdown, "text-markdown");
    const shown = make("div", { className: "shown" });
    const controls = make("div", { className: "view" });
    const box = make("li", { className: "step-written" },
      make("div", { className: "step-tools", role: "toolbar" },
        button(say.up, "↑", () => act({ do: "move_step", block: view.id, by: -1 })),
        button(say.down, "↓", () => act({ do: "move_step", block: view.id, by: 1 })),
        button(say.remove, "×", () => act({ do: "remove", block: view.id }))),
      marksOf(area), area, controls, shown,
      make("p", { className: "doors" }, make("button", { type: "button", onclick: () => act({ do: "add_step", block: view.id }) }, say.step_add)));
    box.dataset.id = box.id = view.id;
    const step = { box, area, shown, controls, view: {} };
    updateStep(step, view, true);
    return step;
  }

  function updateStep(step, view, force) {
    if (step.view.html !== view.html) step.shown.innerHTML = view.html; // as above
    refresh(step.area, view.texts.markdown, force);
    if (JSON.stringify(step.view.view) !== JSON.stringify(view.view)) viewControls(step, view);
    step.view = view;
  }

  function viewControls({ controls, box }, { id, view }) {
    const focused = box.contains(page.getRootNode().activeElement) ? page.getRootNode().activeElement?.dataset.control : "";
    const several = (what, names, chosen, label) => {
      const list = names.map((name) => {
        const check = make("input", { type: "checkbox", checked: chosen.includes(name), onchange: () => {
          const now = [...controls.querySelectorAll(`[data-what="${what}"]:checked`)].map((one) => one.value);
          act({ do: "view", block: id, [what]: now });
        } });
        check.value = name;
        check.dataset.what = what;
        check.dataset.control = `${what} ${name}`;
        return make("label", {}, check, ` ${name}`);
      });
      const open = [...controls.querySelectorAll("details")].some((one) => one.open && one.dataset.of === what);
      const told = chosen.length ? `${label}: ${chosen.join(", ")}` : label;
      const box_ = make("details", { open }, make("summary", {}, told), make("div", { className: "several" }, ...list));
      box_.dataset.of = what;
      return box_;
    };
    const limit = make("input", { type: "number", min: 1, max: 60, value: view.limit, onchange: () => act({ do: "view", block: id, limit: limit.value }) });
    limit.dataset.control = "limit";
    const made = [
      ...(view.names.length ? [several("highlight", view.names, view.highlight, say.step_highlight)] : []),
      ...(view.groups.length ? [several("kept", view.groups, view.kept, say.step_keep), make("label", { className: "limit" }, `${say.step_limit} `, limit)] : []),
    ];
    controls.replaceChildren(...made);
    if (focused) [...controls.querySelectorAll("[data-control]")].find((one) => one.dataset.control === focused)?.focus();
  }

  // What readers will see, which opens into what is written when pressed.
  function openable(node) {
    const { box, shown, area, areas, view } = node;
    const write = make("div", { className: "write" }, ...(view.kind === "text" ? [marksOf(area)] : []), ...Object.values(areas));
    const isWritten = () => area.value.trim() !== "";
    shown.tabIndex = 0;
    shown.setAttribute("role", "button");
    shown.setAttribute("aria-label", say[view.kind]);
    node.open = () => {
      box.classList.add("open");
      Object.values(areas).forEach(grow);
      area.focus();
    };
    shown.addEventListener("click", (event) => { if (!event.target.closest("a")) node.open(); });
    shown.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); node.open(); } });
    write.addEventListener("keydown", (event) => { if (event.key === "Escape") shown.focus(); });
    write.addEventListener("focusout", (event) => {
      if (!write.contains(event.relatedTarget) && isWritten()) settled(() => box.classList.remove("open"));
    });
    box.append(write, shown);
    box.classList.toggle("open", !isWritten());
  }

  function marksOf(area) {
    const signs = [["**", "**", "B", say.bold], ["*", "*", "I", say.italic], ["[", "](https://)", "↗", say.link], ["\n- ", "", "•", say.list], ["\n> ", "", "❝", say.quoted]];
    const marks = make("div", { className: "marks", role: "toolbar" },
      ...signs.map(([before, after, sign, label]) => button(label, sign, () => wrap(area, before, after))));
    marks.addEventListener("pointerdown", (event) => event.preventDefault());
    return marks;
  }

  function wrap(area, before, after) {
    const { selectionStart: from, selectionEnd: to, value } = area;
    const start = before.startsWith("\n") && (from === 0 || value[from - 1] === "\n") ? before.slice(1) : before;
    area.setRangeText(start + value.slice(from, to) + after, from, to, "end");
    if (from === to && after) area.selectionEnd = area.selectionStart = from + start.length;
    area.dispatchEvent(new Event("input"));
    area.focus();
  }

  // A mark goes where the author last wrote, else to the end of the last text.
  let lastWritten = null;
  page.addEventListener("focusin", (event) => { if (event.target.matches("textarea.field")) lastWritten = event.target; });
  function insert(mark) {
    const texts = [...nodes.values()].filter((node) => node.view.kind === "text");
    const area = lastWritten?.isConnected ? lastWritten : texts.at(-1)?.area;
    if (!area) return;
    const block = [...nodes.values()].find((node) => node.area === area);
    block?.open?.();
    area.focus();
    area.setRangeText(mark, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input"));
  }

  function arrange(ids) {
    const before = order;
    const focused = page.getRootNode().activeElement;
    const left = before.findIndex((id) => nodes.get(id)?.box.contains(focused));
    order = ids;
    for (const [id, node] of nodes) {
      if (!ids.includes(id)) { node.box.remove(); nodes.delete(id); }
    }
    const children = [gap(0)];
    ids.forEach((id, place) => children.push(nodes.get(id).box, gap(place + 1)));
    body.replaceChildren(...children);
    nodes.forEach(({ areas }) => Object.values(areas).forEach(grow));
    if (focused?.isConnected) focused.focus();
    else if (left >= 0) (nodes.get(ids[Math.min(left, ids.length - 1)])?.box ?? lines.title).focus();
    const added = adding && ids.find((id) => !before.includes(id));
    if (added) focus(added);
    adding = false;
  }

  function update(view, force) {
    const node = nodes.get(view.id);
    if (!node) { nodes.set(view.id, build(view)); return; }
    if (node.steps) arrangeSteps(node, view.steps, force);
    else if (node.view.html !== view.html) node.shown.innerHTML = view.html; // as above
    for (const [name, area] of Object.entries(node.areas)) refresh(area, view.texts[name], force);
    node.view = view;
  }

  function show(change) {
    for (const name of Object.keys(lines)) {
      if (!(name in change)) continue;
      told[name] = change[name];
      refresh(lines[name], change[name], change.force);
    }
    change.blocks?.forEach((view) => update(view, change.force));
    if (change.order) arrange(change.order);
    if (change.found) finding?.found(change.found);
    if (change.asked) finding?.asked(change.asked, change.refused);
    kept.heard(change);
    around.show(change);
  }

  function focus(id) {
    const node = nodes.get(id) ?? [...nodes.values()].map((one) => one.stepNodes?.get(id)).find(Boolean);
    const target = node ? node.box : lines[id]?.closest("header") ?? article;
    target.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    if (node?.open) node.open();
    else (node?.area ?? lines[id] ?? lines.title).focus({ preventScroll: true });
  }

  addEventListener("keydown", (event) => {
    if (!page.isConnected || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "z" || key === "y") {
      event.preventDefault();
      act({ do: key === "y" || event.shiftKey ? "redo" : "undo" });
    } else if (key === "s") {
      event.preventDefault();
      act({ do: "save" });
    }
  });
  addEventListener("beforeunload", (event) => {
    flushAll();
    if (!around.isSaved() && !kept.isCut()) event.preventDefault();
  });
  document.addEventListener("visibilitychange", flushAll);
  model.on("msg:custom", (event) => show(event.data ?? event));
  model.story.blocks.forEach((view) => update(view, true));
  arrange(model.story.order);
  around.show({ desk: model.desk });
  kept.restore((message) => (nodes.has(message.block) || !message.block || [...nodes.values()].some((node) => node.stepNodes?.has(message.block)) ? before(message) : null), send);
  if (model.focus) setTimeout(() => focus(lines.title.value ? model.focus : "title"), 100);
  return page;
}
