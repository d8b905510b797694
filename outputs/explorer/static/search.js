"use strict";
// The search of a static site: what `outputs/explorer/searchfiles.py` wrote is fetched as it is needed. Reports that have
// all words are looked up in the index; their texts are then looked through, the newest first, and what is found is shown.
(() => {
  const form = document.querySelector("form.ask");
  const place = document.getElementById("found");
  if (!form || !place) return;
  const base = new URL(place.dataset.files, document.baseURI);
  const PAGE = 20, AT_ONCE = 8, LONGEST = Number(place.dataset.longest), MOST_TERMS = 12, LONGEST_WORD = 20;
  const HAN = "\u4e00-\u9fd5", LETTER = `(?:(?![${HAN}])\\p{L})`;
  const BLANK = "[ \\t\\u00a0\\u00ad\\u200b-\\u200f\\u2060\\u3000\\ufeff]?";
  const PIECE = new RegExp(
    `([0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\\.[0-9]+)?|[0-9]+(?:\\.[0-9]+)?)|([${HAN}]+)|(${LETTER}+)`, "gu");
  const files = new Map();
  let same = new Map(), spellings = new Map(), asked = 0;

  const fetched = (name) => {
    if (!files.has(name)) {
      files.set(name, fetch(new URL(`${name}.json`, base)).then((answer) => {
        if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
        return answer.json();
      }));
    }
    return files.get(name);
  };

  const index = async () => {
    const read = await fetched("index");
    if (!read.ids) {
      read.ids = read.reports.match(/.{16}/g) ?? [];
      read.firsts = new Set(read.first);
      for (const [folded, ...others] of read.same.map((each) => [...each])) {
        spellings.set(folded, [folded, ...others].join(""));
        for (const other of others) same.set(other, folded);
      }
    }
    return read;
  };

  const fold = (text) => [...text].map((char) => {
    const code = char.codePointAt(0);
    const plain = (code >= 0xff01 && code <= 0xffee ? char.normalize("NFKC") : char).toLowerCase();
    return /\s/u.test(char) && char !== "\n" ? " " : same.get(plain) ?? plain;
  }).join("");

  const anySpelling = (char) => {
    const wide = char > " " && char <= "~" ? String.fromCodePoint(char.codePointAt(0) + 0xfee0) : "";
    const all = new Set([...(spellings.get(char) ?? char), char.toUpperCase(), wide, wide.toUpperCase()]);
    const safe = [...all].filter((each) => [...each].length === 1).map((each) => each.replace(/[\\\]^-]/g, "\\$&"));
    return `[${safe.join("")}]`;
  };

  const pieceOf = (match) => ({
    kind: match[1] ? "number" : match[2] ? "han" : "letters",
    text: match[1] ? match[0].replaceAll(",", "") : match[0], start: match.index, end: match.index + match[0].length,
  });

  const patternOf = ({ kind, text }) => {
    const chars = [...text].map(anySpelling);
    if (kind === "han") return chars;
    if (kind === "number") return [`(?<![0-9０-９])(?<![0-9０-９][.．])${chars.join("[,，]?")}(?![0-9０-９])(?![.．][0-9０-９])`];
    return [`(?<!${LETTER})${chars.join("")}(?!${LETTER})`];
  };

  const termOf = (wanted) => {
    const pieces = [...wanted.matchAll(PIECE)].map(pieceOf);
    const parts = [];
    let end = 0;
    for (const piece of [...pieces, { start: wanted.length, end: wanted.length }]) {
      for (const char of wanted.slice(end, piece.start)) if (char !== " ") parts.push(anySpelling(char));
      if (piece.kind) parts.push(...patternOf(piece));
      end = piece.end;
    }
    return { wanted, pieces, pattern: new RegExp(parts.join(BLANK), "gu") };
  };

  const readTerms = (question) => {
    const quotes = "\"“”„‟「」『』＂", text = question.slice(0, LONGEST), wanted = [];
    const rest = text.replace(new RegExp(`[${quotes}]([^${quotes}]*)[${quotes}]`, "gu"), (_, inner) => {
      wanted.push(fold(inner).trim().replace(/\s+/g, " ").replace(new RegExp(`(?<=[${HAN}]) (?=[${HAN}])`, "gu"), ""));
      return " ";
    });
    wanted.push(...(fold(rest).match(/(?:[\p{L}\p{N}]|(?<=[0-9])[.,](?=[0-9]))+/gu) ?? []));
    return [...new Set(wanted)].map(termOf).filter((term) => term.pieces.length).slice(0, MOST_TERMS);
  };

  const wordsFrom = async (first, firsts) =>
    firsts.has(first) ? fetched(`words/${first.codePointAt(0).toString(16)}`) : {};

  // The words within a run of Chinese characters that the index has, without those that lie within another one.
  const longest = async (run, firsts) => {
    const found = [];
    let reached = 0;
    for (let start = 0; start < run.length - 1; start++) {
      const words = await wordsFrom(run[start], firsts);
      for (let end = Math.min(run.length, start + LONGEST_WORD); end > Math.max(start + 1, reached); end--) {
        if (Object.hasOwn(words, run.slice(start, end))) {
          found.push(run.slice(start, end));
          reached = end;
          break;
        }
      }
    }
    return found;
  };

  const numbersOf = (runs) => {
    const numbers = [];
    let next = 0;
    for (const part of runs.split(" ")) {
      const [gap, more] = part.split(".").map((digits) => parseInt(digits, 36));
      next += gap;
      for (let count = 0; count <= (more ?? 0); count++) numbers.push(next++);
    }
    return numbers;
  };

  // Numbers of the reports that have all words of all terms, and the terms that no word helps to find.
  const lookUp = async (terms, { firsts, ids }) => {
    let numbers = null;
    const unknown = [];
    for (const term of terms) {
      const words = [];
      for (const piece of term.pieces) {
        words.push(...(piece.kind === "han" ? await longest(piece.text, firsts) : [piece.text]));
      }
      if (!words.length) unknown.push(term);
      for (const word of words) {
        const shard = await wordsFrom([...word][0], firsts);
        const here = Object.hasOwn(shard, word) ? new Set(numbersOf(shard[word])) : new Set();
        numbers = numbers === null ? [...here] : numbers.filter((number) => here.has(number));
      }
    }
    return { numbers: numbers ?? (terms.length ? ids.keys().toArray?.() ?? [...ids.keys()] : []), unknown };
  };

  const has = (term, text) => { term.pattern.lastIndex = 0; return term.pattern.test(text); };
  const holds = (terms, printed, named) =>
    terms.some((term) => has(term, printed)) && terms.every((term) => has(term, `${named}\n${printed}`));

  // What is shown. Texts from pages are only ever set as text.
  const words = (key, values = {}) => {
    const made = document.getElementById(`say-${key}`).content.cloneNode(true);
    for (const slot of made.querySelectorAll("[data-slot]")) slot.textContent = values[slot.dataset.slot] ?? "";
    return made;
  };
  const element = (name, attributes = {}, ...inside) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...inside);
    return made;
  };
  const marked = (text, terms, start = 0, end = text.length) => {
    const spans = terms.flatMap((term) => [...text.matchAll(term.pattern)].map((m) => [m.index, m.index + m[0].length]));
    const made = document.createDocumentFragment();
    let reached = start;
    for (const [first, last] of spans.sort((a, b) => a[0] - b[0])) {
      const from = Math.max(first, reached), to = Math.min(last, end);
      if (from >= to) continue;
      made.append(text.slice(reached, from), element("mark", {}, text.slice(from, to)));
      reached = to;
    }
    made.append(text.slice(reached, end));
    return made;
  };
  // Half a number would be taken for another one.
  const outsideNumber = (text, place, step) => {
    const inside = /[0-9０-９.,．，%％‰]/;
    while (place > 0 && place < text.length && inside.test(text[place - 1]) && inside.test(text[place])) place += step;
    return place;
  };
  const snippet = (text, terms) => {
    const line = text.trim().replace(/\s*\n\s*/g, " ");
    const places = terms.map((term) => line.search(new RegExp(term.pattern.source, "u"))).filter((found) => found >= 0);
    const start = places.length ? outsideNumber(line, Math.max(0, Math.min(...places) - 40), -1) : 0;
    const end = outsideNumber(line, Math.min(line.length, start + 140), 1);
    return element("p", { lang: "zh-Hans" }, start ? "…" : "", marked(line, terms, start, end), end < line.length ? "…" : "");
  };
  const link = (path, anchor, ...inside) => element("a", { href: `${path}${anchor ? `#${anchor}` : ""}` }, ...inside);
  const path = (kind, id) => new URL(`../${kind}/${encodeURIComponent(id)}.html`, base).href;

  const agencyItem = ([id, name, about, , first, last, count], terms) => {
    const item = element("li", {}, link(path("agency", id), "", element("span", { lang: "zh-Hans" }, marked(name, terms))));
    if (first) item.append(" ", element("span", { class: "soft" }, words("years", { first, last, n: count ?? 0 })));
    const others = (about ?? "").split(",").filter((each) => each && each !== name).join("、");
    if (others) item.append(element("p", { class: "small soft", lang: "zh-Hans" }, marked(others, terms)));
    return item;
  };
  const reportItem = (id, report, section, terms) => {
    const name = section ? section[1] : report.title;
    const inside = [element("span", { lang: "zh-Hans" }, report.agency), report.report_year ? ` ${report.report_year}` : ""];
    if (name) inside.push(" · ", element("span", { lang: "zh-Hans" }, marked(name, terms)));
    const item = element("li", {}, link(path("report", id), section ? `s-${section[0]}` : "", ...inside));
    if (!report.is_current) item.append(" (", words("earlier"), ")");
    if (section?.[2]) item.append(snippet(section[2], terms));
    return item;
  };
  const group = (kind) => {
    const list = element("ol");
    place.append(element("section", { class: `hits ${kind}` }, element("h2", {}, words(kind)), list));
    return list;
  };

  const search = async (question) => {
    const turn = ++asked;
    const read = await index();
    const terms = readTerms(question);
    place.replaceChildren();
    if (!terms.length) { place.append(element("p", { class: "lead" }, words("marks"))); return; }
    const agencies = read.agencies.filter(([, name, about]) => terms.every((term) => has(term, `${name}\n${about ?? ""}`)));
    const { numbers, unknown } = await lookUp(terms, read);
    if (turn !== asked) return;
    const says = element("p", { role: "status" });
    place.append(says);
    if (agencies.length) {
      const list = group("agency");
      list.append(...agencies.slice(0, PAGE).map((agency) => agencyItem(agency, terms)));
      if (agencies.length > PAGE) list.after(element("p", {}, words("narrower", { total: agencies.length })));
    }
    const list = group("section");
    const more = element("button", { type: "button" }, words("more"));
    list.after(more);
    let next = 0, shown = 0;
    const show = async () => {
      more.disabled = true;
      const until = shown + PAGE;
      while (next < numbers.length && shown < until && turn === asked) {
        const ids = numbers.slice(next, next + AT_ONCE).map((number) => read.ids[number]);
        const reports = await Promise.all(ids.map((id) => fetched(`report/${id}`)));
        if (turn !== asked) return;
        next += ids.length;
        reports.forEach((report, place) => {
          files.delete(`report/${ids[place]}`);
          const about = `${report.agency} ${report.report_year ?? ""}`;
          const found = report.sections.filter((section) => holds(terms, `${section[1]}\n${section[2]}`, about));
          const items = found.map((section) => reportItem(ids[place], report, section, terms));
          if (holds(terms, report.title, about)) items.unshift(reportItem(ids[place], report, null, terms));
          shown += items.length;
          list.append(...items);
        });
        says.replaceChildren(words("summary", { agencies: agencies.length, shown, read: next, reports: numbers.length }));
        for (const term of terms) says.append(" ", element("mark", { lang: "zh-Hans" }, term.wanted));
        if (unknown.length === terms.length) says.append(" ", words("slow"));
      }
      more.disabled = false;
      more.hidden = next >= numbers.length;
      list.parentElement.hidden = !shown && more.hidden;
      if (!shown && !agencies.length && more.hidden) says.replaceChildren(words("none"));
    };
    more.addEventListener("click", () => void told(show));
    if (numbers.length) await show();
    else {
      list.parentElement.hidden = true;
      says.replaceChildren(agencies.length ? words("summary", { agencies: agencies.length, shown: 0, read: 0, reports: 0 }) : words("none"));
    }
  };

  const told = async (act) => {
    try { await act(); } catch (error) {
      place.append(element("p", { class: "note", role: "alert" }, words("failed"), ` ${error.message}`));
    }
  };
  const run = () => {
    const question = new URL(location.href).searchParams.get("q")?.trim() ?? "";
    form.elements.q.value = question;
    if (question) { document.getElementById("how").hidden = true; void told(() => search(question)); }
  };
  run();
})();
