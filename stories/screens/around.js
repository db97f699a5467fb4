// Around the canvas: the bar with undo, previews and "saved"; the side with what is missing and Publish.

function make(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && name !== "role") node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

function grow(area) {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight}px`;
}

function button(label, sign, onclick, className = "") {
  const node = make("button", { type: "button", className, title: label, onclick }, sign);
  node.setAttribute("aria-label", label);
  return node;
}

// The page as paper has it: what its styles say of print holds, what they say of screens does not.
function paper(page) {
  for (const sheet of page.styleSheets) {
    for (const rule of sheet.cssRules) {
      if (rule.media?.mediaText === "print") rule.media.mediaText = "all";
      else if (rule.media?.mediaText.startsWith("screen")) rule.media.mediaText = "not all";
    }
  }
}

const MODES = ["write", "phone", "desktop", "print"];

function surround({ say, isTyping, send, goTo, insert, canvas, studio }) {
  let desk = {};
  let mode = "write";
  const undo = button(say.undo, "↶", () => send({ do: "undo" }), "sign");
  const redo = button(say.redo, "↷", () => send({ do: "redo" }), "sign");
  const status = make("p", { className: "status", role: "status" });
  const modes = MODES.map((name) =>
    make("button", { type: "button", "aria-pressed": String(name === mode), onclick: () => look(name) }, say[`mode_${name}`]));
  const publish = make("button", { type: "button", className: "primary", onclick: () => {
    publish.disabled = true;
    send({ do: "publish" });
  } });
  const frame = make("iframe", { className: "preview", hidden: true, title: say.preview });
  const told = make("div", { className: "told", role: "status" });
  const rescue = make("button", { type: "button", hidden: true, onclick: () => send({ do: "keep" }) }, say.keep);
  const live = make("p", { className: "live" });
  const missing = make("ul", { className: "missing" });
  const count = make("p", { className: "count" });

  const bar = make("div", { className: "bar", role: "toolbar", "aria-label": say.tools },
    make("a", { href: studio, className: "back" }, `← ${say.studio}`),
    undo, redo, make("div", { className: "modes", role: "group", "aria-label": say.preview }, ...modes), status, publish);
  const note = make("div", { className: "note", hidden: true });
  const examples = make("ul");
  const marks = make("details", { className: "numbers" }, make("summary", {}, say.marks), make("p", {}, say.marks_how), examples);
  const parts = make("ol");
  const outline = make("details", { className: "outline" }, make("summary", {}, say.outline), parts);
  const history = make("a", { href: "#" }, say.history);
  const side = make("aside", { className: "side" }, told, rescue, live, note,
    make("h2", {}, say.before), missing, marks, outline, count, history);
  const desk_ = make("div", { className: "desk" }, make("div", { className: "sheet" }, canvas, frame), side);

  function look(name) {
    mode = name;
    modes.forEach((one, place) => one.setAttribute("aria-pressed", String(MODES[place] === name)));
    canvas.hidden = name !== "write";
    frame.hidden = name === "write";
    frame.classList.toggle("phone", name === "phone");
    frame.classList.toggle("paper", name === "print");
    if (name !== "write") {
      send({ do: "save" });
      load();
    }
  }

  frame.addEventListener("load", () => { if (mode === "print") paper(frame.contentDocument); });

  function load() {
    const address = desk.preview + (mode === "print" ? "?paper=1" : "");
    if (mode !== "write" && frame.getAttribute("src") !== address) frame.src = address;
  }

  function line({ where, text, severity, newer }) {
    return make("li", { className: severity === "error" ? "blocking" : "doubt" }, make("button", { type: "button", onclick: () => {
      look("write");
      goTo(where);
    } }, text), ...(newer ? [make("button", { type: "button", className: "renew", onclick: () => send({ do: "renew", block: where }) }, say.renew)] : []));
  }

  function show(change) {
    if (change.told) {
      const { text, href } = change.told;
      told.replaceChildren(make("p", {}, text), ...(href ? [make("a", { href, target: "_blank" }, href)] : []));
    }
    if (!change.desk) return;
    desk = change.desk;
    undo.disabled = !desk.can_undo;
    redo.disabled = !desk.can_redo;
    const standing = desk.saved && isTyping() ? say.saving : desk.status;
    if (status.textContent !== standing) status.textContent = standing;
    status.classList.toggle("trouble", desk.trouble);
    publish.textContent = desk.publish;
    publish.disabled = !desk.ready;
    rescue.hidden = !desk.conflict;
    count.textContent = desk.count;
    live.replaceChildren(...(desk.live ? [make("a", { href: desk.live, target: "_blank" }, say.read), desk.newer ? ` · ${say.newer}` : ""] : []));
    missing.replaceChildren(...(desk.missing.length ? desk.missing.map(line) : [make("li", { className: "good" }, say.complete)]));
    history.href = desk.history;
    note.hidden = !desk.note;
    note.replaceChildren(make("strong", {}, say.returned), make("p", {}, desk.note));
    marks.hidden = !desk.examples.length;
    examples.replaceChildren(...desk.examples.map(([mark, answer]) => make("li", {}, make("button", { type: "button", onclick: () => insert(mark) }, make("code", {}, mark), ` ${answer}`))));
    outline.hidden = !desk.outline.length;
    parts.replaceChildren(...desk.outline.map(({ id, text }) => make("li", {}, make("button", { type: "button", onclick: () => { look("write"); goTo(id); } }, text))));
    load();
  }

  function typing() {
    if (!desk.trouble) status.textContent = say.saving;
  }

  function cut(text) {
    status.textContent = text;
    status.classList.add("trouble");
  }

  function tell(text, written) {
    told.replaceChildren(make("p", {}, text), ...written.map((one) => make("blockquote", {}, one)));
  }

  return { nodes: [bar, desk_], show, typing, cut, tell, isSaved: () => desk.saved && !isTyping() };
}
