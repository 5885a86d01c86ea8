// Keys for the console, holding to reveal by touch, and greyscale without a round trip. The pages work without it.
(() => {
  "use strict";
  const root = document.documentElement;
  const find = (selector) => document.querySelector(selector);
  const A_YEAR_S = 365 * 24 * 60 * 60;
  root.classList.add("has-script");

  const said = find("#said");
  const say = (text) => { said.textContent = text; };

  // Keys of one character can be switched off (WCAG 2.1.4).
  const KEYLESS = "moderation-keyless";
  const shortcuts = find("#shortcuts");
  const remembered = () => { try { return localStorage.getItem(KEYLESS) === "yes"; } catch { return false; } };
  const remember = (off) => { try { localStorage.setItem(KEYLESS, off ? "yes" : "no"); } catch { /* not kept */ } };
  const useKeys = (on) => root.classList.toggle("keyless", !on);
  if (shortcuts) {
    shortcuts.checked = !remembered();
    useKeys(shortcuts.checked);
    shortcuts.addEventListener("change", () => {
      remember(!shortcuts.checked);
      useKeys(shortcuts.checked);
    });
  }

  // A page that is being left does nothing more: no second decision by a second key.
  let leaving = false;
  addEventListener("submit", (event) => {
    if (leaving) event.preventDefault();
    leaving = true;
  });
  addEventListener("pageshow", () => { leaving = false; });

  const greyscale = find("#greyscale");
  greyscale?.addEventListener("click", (event) => {
    event.preventDefault();
    const on = root.classList.toggle("greyscale");
    greyscale.setAttribute("aria-pressed", String(on));
    greyscale.value = on ? "greyscale-off" : "greyscale-on";
    const value = on ? `1; max-age=${A_YEAR_S}` : "0; max-age=0";
    document.cookie = `moderation-greyscale=${value}; path=/moderation; samesite=strict`;
    say(on ? "Greyscale is on" : "Greyscale is off");
  });

  const reveal = find("#reveal");
  const show = (on) => reveal?.classList.toggle("revealed", on);
  reveal?.addEventListener("pointerdown", () => show(true));
  reveal?.addEventListener("contextmenu", (event) => event.preventDefault());
  reveal?.addEventListener("dragstart", (event) => event.preventDefault());
  for (const end of ["pointerup", "pointercancel", "blur"]) addEventListener(end, () => show(false));
  document.addEventListener("visibilitychange", () => show(false));

  // After "r" the next digit is the reason.
  const reasons = find("#reasons");
  const choose = (on) => {
    if (!reasons) return;
    reasons.classList.toggle("choosing", on);
    if (on) {
      reasons.querySelector("button")?.focus();
      say("Reject: press 1 to 8 for the reason, Escape to go back");
    }
  };
  const choosing = () => reasons?.classList.contains("choosing");
  const stopChoosing = () => {
    choose(false);
    document.activeElement?.blur();
    say("Not rejected");
  };

  const help = find("#help");
  const toggleHelp = () => {
    help.open = !help.open;
    if (help.open) help.querySelector("summary").focus();
  };

  const press = (key) => {
    const target = find(`[data-key="${key}"]`);
    if (!target) return false;
    if (target.tagName === "A") leaving = true;
    target.click();
    return true;
  };
  const ALIASES = { ArrowRight: "j", ArrowLeft: "k" };
  const PLAIN = ["a", "g", "j", "k", "t", "u", "v"];
  const COMMANDS = { r: () => choose(true), n: () => find("#note")?.focus(), "?": toggleHelp };

  const isText = (element) => element.matches("textarea, input:not([type=checkbox])");
  const hasOwnUse = (element) => element !== reveal && element.matches("a, button, input, textarea, summary");

  const escape = (target) => {
    if (choosing()) stopChoosing();
    else if (help?.open) help.open = false;
    else if (isText(target)) target.blur();
  };

  addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (key === "Escape") return escape(target);
    if (event.ctrlKey || event.metaKey || event.altKey || isText(target)) return;
    if (root.classList.contains("keyless") || leaving) return;
    if (key === " ") {
      if (hasOwnUse(target) || !reveal) return;
      event.preventDefault();
      show(true);
      return;
    }
    if (event.repeat) return;
    const wanted = ALIASES[key] ?? key.toLowerCase();
    if (choosing() && /^[1-8]$/.test(key)) {
      event.preventDefault();
      find(`[data-reason="${key}"]`)?.click();
    } else if (COMMANDS[wanted]) {
      event.preventDefault();
      COMMANDS[wanted]();
    } else if (PLAIN.includes(wanted) && press(wanted)) {
      event.preventDefault();
    }
  });
  addEventListener("keyup", (event) => {
    if (event.key === " ") show(false);
  });

  const queue = find(".queue");
  const current = queue?.querySelector("[aria-current]");
  if (current) queue.scrollTop = current.offsetTop - queue.clientHeight / 2;
})();
