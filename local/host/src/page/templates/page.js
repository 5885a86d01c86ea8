// Refreshes what is marked data-live, every two seconds, unless paused or out of sight. Without it the page works too.
(() => {
  "use strict";
  const INTERVAL_MS = 2000;
  const KEY = "iommi-paused";
  const button = document.getElementById("refresh");
  const live = () => [...document.querySelectorAll("[data-live][id]")];
  if (!button || live().length === 0) return;

  const remembered = () => { try { return localStorage.getItem(KEY) === "yes"; } catch { return false; } };
  const remember = (paused) => { try { localStorage.setItem(KEY, paused ? "yes" : "no"); } catch { /* not kept */ } };
  let paused = remembered();
  const show = () => {
    button.textContent = paused ? "Refresh again" : "Pause refreshing";
    button.setAttribute("aria-pressed", String(paused));
  };
  button.hidden = false;
  button.addEventListener("click", () => { paused = !paused; remember(paused); show(); });
  show();

  const isInUse = (part) => part.contains(document.activeElement) || !getSelection().isCollapsed;
  const refresh = async () => {
    if (!paused && !document.hidden) {
      try {
        const response = await fetch(location.href, { signal: AbortSignal.timeout(10000) });
        if (response.ok) {
          const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
          for (const part of live()) {
            const next = fresh.getElementById(part.id);
            if (next && !isInUse(part) && next.innerHTML !== part.innerHTML) part.replaceChildren(...next.childNodes);
          }
        }
      } catch { /* the host is away; the next round may find it */ }
    }
    setTimeout(refresh, INTERVAL_MS);
  };
  setTimeout(refresh, INTERVAL_MS);
})();
