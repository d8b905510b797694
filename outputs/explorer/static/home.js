"use strict";
// While a name is typed, only the agencies of this page that hold it are shown; the button searches all.
(() => {
  const box = document.getElementById("agency-filter");
  const says = document.getElementById("agency-filter-says");
  const map = document.getElementById("map");
  if (!box || !map) return;
  const lines = [...map.querySelectorAll("tbody tr:not(.group)")];
  const names = lines.map((line) => line.querySelector("th").textContent.trim().toLowerCase());
  const filter = () => {
    const wanted = box.value.trim().toLowerCase();
    let shown = 0;
    lines.forEach((line, place) => {
      line.hidden = !names[place].includes(wanted);
      if (!line.hidden) shown += 1;
    });
    for (const group of map.querySelectorAll(".group")) {
      group.hidden = ![...group.parentElement.querySelectorAll("tr:not(.group)")].some((line) => !line.hidden);
    }
    says.textContent = !wanted ? "" : shown ? `${shown} / ${lines.length}` : says.dataset.none;
  };
  box.addEventListener("input", filter);
  filter();
})();
