// Refreshes what is marked data-live, every two seconds, unless paused or out of sight. Without it the page works too.
(() => {
  "use strict";
  const INTERVAL_MS = 2000;
  const button = document.getElementById("refresh");
  let paused = false;
  const show = () => {
    button.textContent = paused ? "Refresh again" : "Pause refreshing";
    button.setAttribute("aria-pressed", String(paused));
  };
  button.hidden = false;
  button.addEventListener("click", () => { paused = !paused; show(); });
  show();

  const refresh = async () => {
    if (!paused && !document.hidden) {
      try {
        const response = await fetch(location.href, { signal: AbortSignal.timeout(10000) });
        const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
        for (const part of document.querySelectorAll("[data-live]")) {
          const next = fresh.getElementById(part.id);
          const inUse = part.contains(document.activeElement) || !getSelection().isCollapsed;
          if (next && !inUse && next.innerHTML !== part.innerHTML) part.replaceChildren(...next.childNodes);
        }
      } catch { /* the simulator is away; the next round may find it */ }
    }
    setTimeout(refresh, INTERVAL_MS);
  };
  setTimeout(refresh, INTERVAL_MS);
})();
