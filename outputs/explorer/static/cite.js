"use strict";
// Copies a citation; makes that of one number from the page that has the citations of all of them.
(() => {
  const LINES = ["report", "number", "place", "source", "versions"];
  const dialog = document.querySelector("dialog.citation");
  let read = null;

  for (const button of document.querySelectorAll(".copier")) button.hidden = false;

  const copy = async (button) => {
    const source = document.getElementById(button.dataset.copy);
    let said = button.dataset.copied;
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch { // no clipboard without a secure address, or it is forbidden
      getSelection().selectAllChildren(source);
      if (!document.execCommand("copy")) said = button.dataset.selected;
    }
    let status = button.nextElementSibling;
    if (!status?.matches(".copied")) {
      status = document.createElement("span");
      status.className = "copied";
      status.setAttribute("role", "status");
      button.after(status);
    }
    status.textContent = said;
  };

  const cite = async (id) => {
    const all = dialog.querySelector("a.all");
    all.hash = id;
    try {
      read ??= fetch(all.href).then((answer) => {
        if (!answer.ok) throw new Error(answer.statusText);
        return answer.text();
      }).then((text) => new DOMParser().parseFromString(text, "text/html"));
      const page = await read;
      const own = page.getElementById(id);
      for (const [lang, target] of [["en", "citation-en"], ["zh-Hans", "citation-zh"]]) {
        const line = (name) => [own, page.querySelector(".once")]
          .map((part) => part.querySelector(`[data-line="${name}"][lang="${lang}"]`)?.textContent).find(Boolean);
        document.getElementById(target).textContent = LINES.map(line).join("\n");
      }
    } catch { // pages opened from files cannot read one another
      location.assign(all.href);
      return;
    }
    for (const status of dialog.querySelectorAll(".copied")) status.textContent = "";
    dialog.showModal();
  };

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-copy], [data-cite]");
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (target.dataset.copy) {
      copy(target);
    } else if (dialog) {
      event.preventDefault();
      cite(target.dataset.cite);
    }
  });
})();
