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
