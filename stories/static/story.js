"use strict";
// Sharing, snippets with the page's own address, and each chart as published or counted today.

const foot = document.querySelector("footer.share");

function count(what) {
  const where = foot && new URL(foot.dataset.count, location.href);
  if (where?.origin === location.origin) navigator.sendBeacon(where, JSON.stringify({ what, path: location.pathname }));
}

function answering(button, act) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      if (await act()) button.textContent = button.dataset.done;
      count("share");
    } catch {
      // the reader closed the dialog
    }
  });
}

const link = () => ({ title: document.title, url: location.href.split("#")[0] });
const share = document.querySelector("[data-share]");
const copy = document.querySelector("[data-copy]");
if (share && navigator.share) answering(share, () => navigator.share(link()));
if (copy && navigator.clipboard) answering(copy, () => navigator.clipboard.writeText(link().url).then(() => true));
for (const network of document.querySelectorAll(".networks a")) network.addEventListener("click", () => count("share"));

// Where the server knew no address of the story, snippets take that of this page.
for (const area of document.querySelectorAll(".chart-copy textarea")) {
  area.value = area.value.replace(/ src="([^"]+)"/g, (_, path) => ` src="${new URL(path, location.href)}"`);
  area.addEventListener("focus", () => area.select());
}

function pressed(buttons, chosen) {
  for (const button of buttons) button.setAttribute("aria-pressed", String(button === chosen));
}

async function showToday(figure, address) {
  const answer = await fetch(`${address}?part=now`);
  if (!answer.ok) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const shown = page.querySelector(".chart-now-shown");
  figure.querySelector(".chart-drawing").after(shown);
  return shown;
}

function switching(today) {
  const figure = today.closest("figure");
  const published = [...figure.querySelectorAll(".chart-drawing, .chart-legend, .chart-note")];
  const buttons = [today.dataset.published, today.textContent].map((text) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    return button;
  });
  const group = document.createElement("span");
  group.className = "chart-now";
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", buttons.map((button) => button.textContent).join(" / "));
  group.append(...buttons);
  today.replaceWith(group);
  pressed(buttons, buttons[0]);
  let shown;
  buttons[0].addEventListener("click", () => {
    if (shown) shown.hidden = true;
    for (const part of published) part.hidden = false;
    pressed(buttons, buttons[0]);
  });
  buttons[1].addEventListener("click", async () => {
    try {
      shown ??= await showToday(figure, today.href);
    } catch {
      location.assign(today.href);
      return;
    }
    shown.hidden = false;
    for (const part of published) part.hidden = true;
    pressed(buttons, buttons[1]);
  });
}

for (const today of document.querySelectorAll("a.chart-today")) {
  if (new URL(today.href).origin === location.origin) switching(today);
}

// Steps over one chart: the view of the step in the middle of the screen is shown.
for (const steps of document.querySelectorAll("ol.steps")) {
  const every = [...steps.children];
  if (every.length < 2 || !("IntersectionObserver" in window)) continue;
  const show = (now) => every.forEach((step) => step.classList.toggle("now", step === now));
  steps.style.gridTemplateRows = `repeat(${every.length}, auto)`;
  every.forEach((step, place) => { step.querySelector(".step-said").style.gridRow = String(place + 1); });
  const seen = new IntersectionObserver((entries) => {
    const now = entries.find((entry) => entry.isIntersecting);
    if (now) show(now.target.parentElement);
  }, { rootMargin: "-50% 0px -50% 0px" });
  every.forEach((step) => seen.observe(step.querySelector(".step-said")));
  for (const step of every) step.addEventListener("focusin", () => show(step));
  steps.classList.add("live");
  show(every[0]);
}

// Videos and pages of others: nothing is asked of them before the reader presses.
for (const load of document.querySelectorAll(".elsewhere-load")) {
  const box = load.parentElement;
  load.hidden = false;
  load.addEventListener("click", () => {
    const frame = document.createElement("iframe");
    Object.assign(frame, { src: box.dataset.frame, title: box.dataset.title, allowFullscreen: true, referrerPolicy: "strict-origin" });
    frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-popups allow-presentation");
    box.replaceChildren(frame);
    box.classList.add("loaded");
    frame.focus();
  });
}
