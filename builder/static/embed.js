// For pages that embed Relato: each frame becomes as tall as what it shows. Without it frames keep their height.
"use strict";
addEventListener("message", (event) => {
  const height = event.data && event.data.relato;
  if (!Number.isFinite(height) || height < 1 || height > 100000) return;
  for (const frame of document.querySelectorAll("iframe[data-relato]")) {
    if (frame.contentWindow === event.source) frame.style.height = `${Math.ceil(height)}px`;
  }
});
for (const frame of document.querySelectorAll("iframe[data-relato]")) {
  frame.contentWindow?.postMessage({ relato: "height?" }, "*");
}
