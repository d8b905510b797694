"use strict";
// A number chosen in the list is shown in the archived page, a place chosen in the page is shown in the list.
(() => {
  const frame = document.querySelector("iframe[name=archived]");
  const bar = document.querySelector(".chosen");
  if (!frame || !bar) return;
  const page = new URL(frame.getAttribute("src"), location.href);
  const cite = bar.querySelector(".do-cite");
  let current = "";
  let seen = ""; // the place that the frame was last seen at
  document.documentElement.classList.add("scripted");
  bar.hidden = false;
  if (matchMedia("(max-width: 62.49rem)").matches) document.querySelector(".paper .source").open = false;

  // The document in the frame once it is there; pages opened from files may not look into one another.
  const inside = () => {
    try {
      const paper = frame.contentDocument;
      return paper?.URL.split("#")[0] === page.href ? paper : null;
    } catch {
      return null;
    }
  };
  const linksOf = (id) => {
    const own = document.querySelectorAll(`a.figure[data-number="${CSS.escape(id)}"]`);
    return own.length ? own : document.querySelectorAll(`a.figure[data-places="${CSS.escape(id)}"]`);
  };
  const boxOf = (link) => link.closest("td, .key li, .apart > span") ?? link;

  const showPlaces = (places) => {
    const paper = inside();
    seen = places.length ? `#${places[0]}` : "";
    if (!paper) {
      if (places.length) frame.src = `${page.href}${seen}`;
      return;
    }
    for (const mark of paper.querySelectorAll(".gk-chosen")) mark.classList.remove("gk-chosen");
    if (!places.length) return;
    if (paper.location.hash !== seen) paper.location.replace(`${page.href}${seen}`);
    for (const place of places) {
      for (const mark of paper.querySelectorAll(`[data-place="${CSS.escape(place)}"]`)) mark.classList.add("gk-chosen");
    }
    paper.getElementById(places[0])?.scrollIntoView({ block: "center", inline: "nearest" });
  };

  const showInList = () => {
    const links = [...linksOf(current)];
    const target = document.getElementById(current) ?? (links.length ? boxOf(links.at(-1)) : null);
    if (!target) return;
    for (let around = target.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
    // at once: a scroll that takes its time is broken off when the frame goes to its place
    target.scrollIntoView({ behavior: "instant", block: "center", inline: "nearest" });
  };

  const tell = (link) => {
    const row = link.closest("tr, .key li");
    const head = row?.querySelector("th > .t-en, th > .t-zh, .label > .t-en, .label > .t-zh") ? row.querySelector("th, .label") : null;
    const name = bar.querySelector(".name");
    name.replaceChildren();
    if (head) {
      for (const part of head.childNodes) if (!part.matches?.(".note, q, .sentence")) name.append(part.cloneNode(true));
    } else {
      name.textContent = link.dataset.label ?? row?.querySelector("th")?.textContent.trim() ?? "";
    }
    const cell = link.closest("td");
    const heads = cell?.closest("table").tHead?.rows[0].cells;
    if (heads && cell.parentElement.cells.length > 4) {
      const column = heads[cell.cellIndex].cloneNode(true);
      name.append(" · ", ...column.childNodes);
    }
    const shown = bar.querySelector(".shown");
    shown.replaceChildren(...link.cloneNode(true).childNodes);
    const unit = row?.querySelector("td.unit")?.textContent;
    if (unit && link.querySelector("data")) shown.append(` ${unit}`);
    bar.querySelector(".hint").hidden = true;
    for (const part of bar.querySelectorAll(".what, .buttons")) part.hidden = false;
    cite.dataset.cite = link.dataset.number;
  };

  const choose = (id, from) => {
    const links = linksOf(id);
    if (!links.length) return false;
    current = links[0].dataset.number;
    bar.parentElement.classList.add("used");
    const places = links[0].dataset.places.split(" ").filter(Boolean);
    for (const each of document.querySelectorAll(".facts .chosen, .facts .among")) each.classList.remove("chosen", "among");
    for (const link of links) boxOf(link).classList.add("chosen");
    if (places.length > 1) for (const place of places) document.getElementById(place)?.classList.add("among");
    tell([...links].find((link) => link.closest("tr")) ?? links[0]);
    history.replaceState(history.state, "", `#${current}`);
    if (from !== "page") showPlaces(places);
    else for (const mark of inside()?.querySelectorAll(".gk-chosen") ?? []) mark.classList.remove("gk-chosen");
    if (from !== "list") showInList();
    return true;
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    let id = link.dataset.number;
    if (!id && link.hash && link.pathname === location.pathname && link.host === location.host) {
      id = link.matches(".place, .findings a") ? decodeURIComponent(link.hash.slice(1)) : "";
    }
    if (id && choose(id, "list")) event.preventDefault();
  });
  bar.querySelector(".do-show").addEventListener("click", showInList);

  // Some browsers call no listeners in a frame whose scripts are off: so its address is watched as well.
  const fromPage = (hash) => {
    seen = hash;
    if (hash.length > 1) choose(decodeURIComponent(hash.slice(1)), "page");
  };
  const listen = () => {
    inside()?.addEventListener("click", (event) => {
      const mark = event.target.closest?.("a.gk-mark");
      if (mark) fromPage(mark.hash);
    });
  };
  const fromAddress = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    return id && id !== current && choose(id, "address");
  };
  frame.addEventListener("load", () => {
    listen();
    if (current) showPlaces([...linksOf(current)][0].dataset.places.split(" ").filter(Boolean));
  });
  listen();
  setInterval(() => {
    const hash = inside()?.location.hash ?? seen;
    if (hash !== seen) fromPage(hash);
  }, 300);
  addEventListener("hashchange", fromAddress);
  fromAddress();
})();
