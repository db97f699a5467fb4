// Turns a figure's drawing into the interactive one when a reader touches it; the page reads well without.

let bokeh;

function loadBokeh(source) {
  bokeh ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = () => resolve(window.Bokeh);
    script.onerror = () => { bokeh = undefined; script.remove(); reject(new Error(source)); };
    document.head.append(script);
  });
  return bokeh;
}

// Words shrink with the drawing they replace, so that they fit as they did there.
function resized(text, drawn) {
  const scale = Math.min(1, drawn.getBoundingClientRect().width / drawn.viewBox.baseVal.width);
  return text.replace(/"([\d.]+)px"/g, (_, size) => `"${(size * scale).toFixed(1)}px"`);
}

// The item is drawn in light colours and our typeface; each is replaced by what this page uses.
function recoloured(written) {
  const page = getComputedStyle(document.documentElement);
  const typeface = JSON.stringify(page.getPropertyValue("--sans").trim()).slice(1, -1);
  const text = typeface ? written.replaceAll(/Inter, system-ui[^"]*/g, typeface) : written;
  const { tokens } = JSON.parse(text);
  const here = Object.entries(tokens).map(([name, colour]) => [colour, page.getPropertyValue(name).trim()]);
  const now = new Map(here.filter(([, colour]) => colour));
  return JSON.parse(text.replace(/#[0-9a-f]{6}/g, (colour) => now.get(colour) ?? colour));
}

async function touch(figure) {
  const place = figure.querySelector(".chart-drawing");
  const button = figure.querySelector(".chart-touch");
  if (place.dataset.state) return;
  place.dataset.state = "loading";
  place.setAttribute("aria-busy", "true");
  const drawn = [...place.querySelectorAll("svg.drawing")].find((svg) => svg.getClientRects().length);
  const layout = drawn.classList.contains("wide") ? "wide" : "narrow";
  try {
    const asked = fetch(figure.dataset.item.replace("{width}", layout));
    const [library, answer] = await Promise.all([loadBokeh(figure.dataset.bokeh), asked]);
    if (!answer.ok) throw new Error(answer.statusText);
    const item = recoloured(resized(await answer.text(), drawn));
    const live = document.createElement("div");
    live.className = "chart-live";
    const { height } = drawn.getBoundingClientRect();
    live.style.height = `${height}px`;
    item.doc.roots[0].attributes.height = Math.round(height);
    place.append(live);
    await library.embed.embed_item(item, live);
    place.dataset.state = "live";
    live.tabIndex = -1;
    if (document.activeElement === button) live.focus();
    button.disabled = true;
  } catch {
    place.querySelector(".chart-live")?.remove();
    delete place.dataset.state;
    say(figure);
  } finally {
    place.removeAttribute("aria-busy");
  }
}

function say(figure) {
  if (figure.querySelector(".chart-failed")) return;
  const told = document.createElement("p");
  told.className = "chart-note chart-failed";
  told.setAttribute("role", "status");
  told.textContent = figure.dataset.failed;
  figure.querySelector(".chart-drawing").after(told);
}

for (const figure of document.querySelectorAll("figure.chart[data-item]")) {
  const place = figure.querySelector(".chart-drawing");
  const button = figure.querySelector(".chart-touch");
  button.disabled = false;
  for (const asked of [place, button]) asked.addEventListener("click", () => touch(figure));
}
