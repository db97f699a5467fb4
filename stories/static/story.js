"use strict";
const share = document.querySelector("[data-share]");
if (share && (navigator.share || navigator.clipboard)) {
  share.hidden = false;
  share.addEventListener("click", async () => {
    const link = { title: document.title, url: location.href.split("#")[0] };
    try {
      if (navigator.share) {
        await navigator.share(link);
      } else {
        await navigator.clipboard.writeText(link.url);
        share.textContent = share.dataset.done;
      }
    } catch {
      // the reader closed the dialog
    }
  });
}
