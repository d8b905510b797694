"use strict";
// Buttons that choose the language.
(() => {
  const group = document.querySelector(".languages");
  if (!group) return;
  const root = document.documentElement;
  const show = () => {
    root.lang = root.dataset.language === "zh" ? "zh-Hans" : "en";
    for (const button of group.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.dataset.language === root.dataset.language));
    }
  };
  group.hidden = false;
  group.addEventListener("click", (event) => {
    const chosen = event.target.closest("button")?.dataset.language;
    if (!chosen) return;
    root.dataset.language = chosen;
    try { localStorage.setItem("gongkai-language", chosen); } catch { /* storage may be forbidden */ }
    show();
  });
  show();
})();
