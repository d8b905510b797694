"use strict";
// The language that the reader chose, set before anything is drawn; without one, that of the browser.
(() => {
  const choices = ["en", "zh", "both"];
  let chosen = null;
  try { chosen = localStorage.getItem("gongkai-language"); } catch { /* storage may be forbidden */ }
  if (!choices.includes(chosen)) chosen = navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
  document.documentElement.dataset.language = chosen;
})();
