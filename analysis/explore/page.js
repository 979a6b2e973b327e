"use strict";
(() => {
  const content = JSON.parse(document.getElementById("content").textContent);
  const { codes, codings, companies, documents, facets, quotes, files, sheets } = content;
  const caseIds = content.cases.id;
  const [caseWord, casesWord] = content.caseWords;
  const size = codes.label.length;
  const total = codings.code.length;
  const find = (id) => document.getElementById(id);
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const number = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, content.thousands);
  const counted = (n, one, several) => `${number(n)} ${n === 1 ? one : several}`;
  // texts in the language of the page, with what differs from study to study in their places
  const said = (text) => content.words[text] ?? text;
  const say = (text, places) => said(text).replace(/\{(\w+)\}/g, (all, name) => places[name] ?? all);
  const codingWords = [say("coding"), say("codings")];
  const codeWords = [say("code"), say("codes")];
  // a column is a list, or the value that all have
  const at = (column, place) => (Array.isArray(column) ? column[place] : column);

  // words are found whatever their accents, case and joiners; Arabic letters as Persian ones
  const folded = (text) =>
    text.normalize("NFKD").replace(/[\p{M}\u200c\u200d\u0640]/gu, "").toLowerCase()
      .replace(/[\u064a\u0649]/g, "\u06cc").replace(/\u0643/g, "\u06a9").replace(/\s+/g, " ");
  const isRightToLeft = (text) => {
    const first = /\p{L}/u.exec(text);
    return first !== null && /[\u0590-\u08ff\ufb1d-\ufefc]/.test(first[0]);
  };
  const language = (text) => (/[\u0629\u064a\u0643\u0649]/.test(text) ? "ar" : "fa");

  function element(name, text, attributes = {}) {
    const made = document.createElement(name);
    if (text !== undefined && text !== null) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  // what people wrote runs in its own direction
  function written(text) {
    const attributes = { dir: isRightToLeft(text) ? "rtl" : "auto" };
    if (attributes.dir === "rtl" && /[\u0600-\u08ff]/.test(text)) attributes.lang = language(text);
    return element("bdi", text, attributes);
  }

  // as say, with elements in the places
  function filled(text, places) {
    const made = document.createDocumentFragment();
    said(text).split(/\{(\w+)\}/).forEach((part, place) => made.append(place % 2 ? places[part] : part));
    return made;
  }

  // where nothing is filtered, a number leads to its rows on the page of traces
  function leading(text, address) {
    if (!address || !content.traced || isFiltered()) return document.createTextNode(text);
    return element("a", text, { href: `trace.html#${address}`, class: "trace" });
  }
  const behindCode = (unit, code, own = "code") =>
    codes.level[code] <= content.traced ? `${unit}?${own}=${code + 1}` : "";

  // ---------------------------------------------------------------- the tree, as numbers

  const children = Array.from({ length: size }, () => []);
  const roots = [];
  codes.parent.forEach((parent, code) => (parent < 0 ? roots : children[parent]).push(code));
  const enters = new Int32Array(size);
  const leaves = new Int32Array(size);
  const order = [];
  {
    const visit = (code) => {
      enters[code] = order.length;
      order.push(code);
      children[code].forEach(visit);
      leaves[code] = order.length;
    };
    roots.forEach(visit);
  }
  const isWithin = (code, above) => enters[code] >= enters[above] && enters[code] < leaves[above];
  const pathOf = (code) => (code < 0 ? [] : [...pathOf(codes.parent[code]), code]);

  const codeOf = Int32Array.from(codings.code);
  const alone = caseIds.map((_, one) => [one]);
  // who may have said it: one case, in a talk of several people some of them
  const peopleOf = (coding) => {
    const company = at(codings.company, coding);
    if (company >= 0) return companies[company];
    return alone[at(documents.case, codings.document[coding])] ?? [];
  };
  const valuesOf = (facet, coding) => [...new Set(peopleOf(coding).map((one) => facet.of[one]))];
  const quoteOf = (coding) => (quotes.length ? at(codings.quote, coding) : -1);

  // ---------------------------------------------------------------- what is looked for

  const state = { query: "", values: facets.map(() => -1), quoted: false, code: -1 };
  const labels = codes.label.map(folded);
  let quoteTexts = null;

  const isOfCase = new Uint8Array(caseIds.length);

  function matching() {
    isOfCase.fill(1);
    facets.forEach((facet, place) => {
      const wanted = state.values[place];
      if (wanted >= 0) facet.of.forEach((value, one) => { if (value !== wanted) isOfCase[one] = 0; });
    });
    const query = folded(state.query.trim());
    let isCode = null;
    let isQuote = null;
    if (query) {
      quoteTexts ??= quotes.map(folded);
      isCode = new Uint8Array(size);
      for (const code of order) {
        const above = codes.parent[code];
        isCode[code] = labels[code].includes(query) || (above >= 0 && isCode[above]) ? 1 : 0;
      }
      isQuote = Uint8Array.from(quoteTexts, (text) => (text.includes(query) ? 1 : 0));
    }
    const found = [];
    for (let coding = 0; coding < total; coding += 1) {
      const people = peopleOf(coding);
      if (people.length && !people.some((one) => isOfCase[one])) continue;
      const quote = quoteOf(coding);
      if (state.quoted && quote < 0) continue;
      if (query && !isCode[codeOf[coding]] && !(quote >= 0 && isQuote[quote])) continue;
      found.push(coding);
    }
    return found;
  }

  const isFiltered = () =>
    state.query.trim() !== "" || state.quoted || state.values.some((value) => value >= 0);

  // codings and distinct cases of each code, with all below it
  function countCodes(found) {
    const n = new Int32Array(size);
    const own = new Int32Array(size);
    const words = Math.ceil(Math.max(1, caseIds.length) / 32);
    const seen = new Int32Array(size * words);
    const cases = new Int32Array(size);
    for (const coding of found) {
      const people = peopleOf(coding);
      own[codeOf[coding]] += 1;
      for (let code = codeOf[coding]; code >= 0; code = codes.parent[code]) {
        n[code] += 1;
        for (const one of people) {
          const place = code * words + (one >> 5);
          const bit = 1 << (one & 31);
          if (isOfCase[one] && !(seen[place] & bit)) {
            seen[place] |= bit;
            cases[code] += 1;
          }
        }
      }
    }
    return { n, own, cases };
  }

  // ---------------------------------------------------------------- tables, by Tabulator

  const PRINTED = 5000; // rows of a table on paper, at most

  function grid(id, label, columns, noun) {
    const holder = find(id);
    let rows = [];
    let sorted = [];
    let sorting = "";
    let isBuilt = false;
    const byField = new Map(columns.map((column, place) => [`c${place}`, column]));

    function page({ page: wanted = 1, size: many = 25, sort = [] }) {
      const key = sort.map(({ field, dir }) => `${field} ${dir}`).join();
      if (key !== sorting || !sorted.length) {
        sorting = key;
        sorted = rows;
        if (sort.length) {
          const { rank } = byField.get(sort[0].field);
          const sign = sort[0].dir === "desc" ? -1 : 1;
          const ranks = new Map();
          for (const row of rows) ranks.set(row, rank(row));
          sorted = [...rows].sort((a, b) => {
            const [x, y] = [ranks.get(a), ranks.get(b)];
            return x === y ? 0 : (typeof x === "string" ? x.localeCompare(y) : x - y) * sign;
          });
        }
      }
      const first = (wanted - 1) * many;
      const shown = sorted.slice(first, first + many);
      const all = counted(rows.length, ...noun);
      const [from, to] = [number(first + 1), number(first + shown.length)];
      find(id.replace("-table", "-count")).textContent = shown.length
        ? say("{first}–{last} of {all}", { first: from, last: to, all }) : all;
      const data = shown.map((row) => {
        const cells = { id: row };
        columns.forEach((column, place) => { cells[`c${place}`] = column.value(row); });
        return cells;
      });
      return { data, last_page: Math.max(1, Math.ceil(rows.length / many)), last_row: rows.length };
    }

    const table = new Tabulator(holder, {
      columns: columns.map((column, place) => ({
        field: `c${place}`,
        title: column.title,
        headerSort: true,
        hozAlign: column.isNumber ? "right" : "left",
        headerHozAlign: column.isNumber ? "right" : "left",
        minWidth: column.width ?? 110,
        widthGrow: column.grow ?? 1,
        responsive: column.responsive ?? place,
        resizable: false,
        titleFormatter: (cell) => element("button", cell.getValue(), { type: "button" }),
        formatter: (cell) =>
          column.isNumber
            ? leading(number(cell.getValue()), column.behind?.(cell.getRow().getData().id))
            : column.render?.(cell.getRow().getData().id) ?? written(String(cell.getValue())),
      })),
      layout: "fitColumns",
      responsiveLayout: "collapse",
      responsiveLayoutCollapseStartOpen: true,
      responsiveLayoutCollapseFormatter: (values) => {
        if (!values.length) return "";
        // a cell of the row, as those that found room are
        const cell = element("div", null, { role: "gridcell" });
        const list = element("dl");
        for (const { title, value } of values) {
          const pair = element("div");
          const said = element("dd");
          said.append(value instanceof Node ? value : written(String(value ?? "")));
          pair.append(element("dt", title), " ", said);
          list.append(pair);
        }
        cell.append(list);
        return cell;
      },
      pagination: true,
      paginationMode: "remote",
      paginationSize: matchMedia("(max-width: 40rem)").matches ? 10 : 25,
      // outside of the grid, which may hold rows only
      paginationElement: find(id.replace("-table", "-pages")),
      paginationButtonCount: 3,
      sortMode: "remote",
      columnHeaderSortMulti: false,
      // pages are cut from what the page holds; nothing is asked of anyone
      ajaxURL: "#",
      ajaxRequestFunc: (url, config, params) => Promise.resolve(page(params)),
      dataLoader: false,
      placeholder: say("Nothing is found."),
      langs: {
        default: {
          pagination: {
            first: say("First"), first_title: say("First page"), last: say("Last"),
            last_title: say("Last page"), prev: say("Prev"), prev_title: say("Previous page"),
            next: say("Next"), next_title: say("Next page"), page_title: say("Page"),
          },
        },
      },
    });
    table.on("tableBuilt", () => {
      isBuilt = true;
      holder.setAttribute("aria-label", label);
      // all rows of a page are shown, so that nothing in here scrolls or takes the focus
      holder.querySelector(".tabulator-tableholder").removeAttribute("tabindex");
    });
    // on paper there are all rows that were found, in a plain table that goes on over pages
    function onPaper() {
      const plain = element("table", null, { class: "paper" });
      const head = element("tr");
      for (const column of columns) {
        head.append(element("th", column.title, { scope: "col", class: column.isNumber ? "number" : "" }));
      }
      plain.append(element("thead"), element("tbody"));
      plain.tHead.append(head);
      for (const row of (sorted.length ? sorted : rows).slice(0, PRINTED)) {
        const line = element("tr");
        for (const column of columns) {
          const cell = element("td", null, { class: column.isNumber ? "number" : "" });
          const value = column.value(row);
          cell.append(column.isNumber ? number(value) : column.render?.(row) ?? written(String(value)));
          line.append(cell);
        }
        plain.tBodies[0].append(line);
      }
      const more = rows.length - PRINTED;
      const parts = [plain];
      if (more > 0) {
        const [to, all] = [number(PRINTED), counted(rows.length, ...noun)];
        parts.push(element("p", say("{first}–{last} of {all}", { first: "1", last: to, all }), { class: "paper" }));
      }
      holder.after(...parts);
    }
    return {
      table,
      onPaper,
      show(found) {
        rows = found;
        sorted = [];
        if (isBuilt) table.setPage(1);
      },
    };
  }

  // where all codings come from one sheet, it is named once, above the table
  const isOneTable = files.length === 1 && sheets.length <= 1;
  const sourceOf = (coding) => {
    if (isOneTable) return String(codings.row[coding]);
    const file = files[at(codings.file, coding)] ?? "";
    const sheet = sheets[at(codings.sheet, coding)];
    const place = [file.split("/").pop()];
    if (sheet) place.push(say("sheet {sheet}", { sheet }));
    place.push(say("row {row}", { row: codings.row[coding] }));
    return place.join(", ");
  };
  const facetColumns = (valuesIn) =>
    facets.map((facet) => ({
      title: facet.name,
      value: (row) => valuesIn(facet, row).map((value) => facet.values[value]).join(", "),
      rank: (row) => valuesIn(facet, row)[0] ?? -1,
      responsive: 4,
    }));

  function withQuotation(label, text) {
    const cell = element("span");
    cell.append(written(label));
    if (text !== undefined) {
      const quoted = element("span", null, { class: "said" });
      const words = element("q");
      words.append(written(text));
      quoted.append(words);
      if (content.mark) quoted.append(` (${content.mark})`);
      cell.append(quoted);
    }
    return cell;
  }

  function codingColumns() {
    const columns = [
      {
        title: say("Code"),
        value: (coding) => codes.label[codeOf[coding]],
        rank: (coding) => enters[codeOf[coding]],
        render: (coding) => withQuotation(codes.label[codeOf[coding]], quotes[quoteOf(coding)]),
        grow: 5,
        width: 220,
        responsive: 0,
      },
    ];
    columns.push(
      {
        title: capital(caseWord),
        value: (coding) => peopleOf(coding).map((one) => caseIds[one]).join(", "),
        rank: (coding) => peopleOf(coding)[0] ?? -1,
        width: 130,
        responsive: 1,
      },
      ...facetColumns(valuesOf),
      {
        title: say(isOneTable ? "Row" : "File and row"),
        value: sourceOf,
        rank: (coding) =>
          at(codings.file, coding) * 1e12 + at(codings.sheet, coding) * 1e9 + codings.row[coding],
        width: isOneTable ? 80 : 180,
        grow: isOneTable ? 1 : 2,
        responsive: 3,
      },
    );
    return columns;
  }

  let live = { n: [], own: [], cases: [] };
  let perCase = new Int32Array(caseIds.length);
  let codesPerCase = new Int32Array(caseIds.length);
  const levelName = (level) => capital(content.levels[level - 1]?.[0] ?? say("level {n}", { n: level }));
  const count = (title, value, behind, more = {}) => ({
    title, value, behind, rank: value, isNumber: true, responsive: 0, ...more,
  });
  const codingsTable = grid("codings-table", say("Codings"), codingColumns(), codingWords);
  const codesTable = grid(
    "codes-table",
    say("Codes"),
    [
      { title: say("Code"), value: (code) => codes.label[code], rank: (code) => enters[code], grow: 4, width: 170 },
      { title: say("Level"), value: (code) => levelName(codes.level[code]), rank: (code) => codes.level[code], grow: 2 },
      count(say("Codings"), (code) => live.n[code], (code) => behindCode("codings", code)),
      count(say("Its own"), (code) => live.own[code], (code) => behindCode("codings", code, "own"), { responsive: 3 }),
      count(content.casesTitle, (code) => live.cases[code], (code) => behindCode("cases", code), { width: 140, responsive: 2 }),
    ],
    codeWords,
  );
  const casesTable = grid(
    "cases-table",
    content.casesTitle,
    [
      { title: capital(caseWord), value: (one) => caseIds[one], rank: (one) => one, grow: 2 },
      ...facetColumns((facet, one) => [facet.of[one]]),
      count(say("Codings"), (one) => perCase[one], (one) => content.cases.address[one]),
      count(say("Codes"), (one) => codesPerCase[one], null),
    ],
    [caseWord, casesWord],
  );

  // ---------------------------------------------------------------- showing what was found

  const tree = find("tree");
  const items = codes.label.map((_, code) => find(`code-${code}`));
  const parts = items.map((item) => {
    const [n, cases] = item.querySelectorAll(".n");
    return { bar: item.querySelector("i"), n, cases };
  });
  function tell(place, n, words) {
    const [shown, noun] = place.children;
    shown.textContent = number(n);
    noun.textContent = ` ${n === 1 ? words[0] : words[1]}`;
  }
  let found = [];

  function refresh() {
    found = matching();
    live = countCodes(found);
    const filtered = isFiltered();
    const most = Math.max(1, ...roots.map((code) => live.n[code]));
    codes.label.forEach((_, code) => {
      const { bar, n, cases } = parts[code];
      tell(n, live.n[code], codingWords);
      tell(cases, live.cases[code], content.caseWords);
      bar.style.width = `${Math.round((100 * live.n[code]) / most)}%`;
      items[code].parentElement.hidden = filtered && live.n[code] === 0;
    });
    if (state.query.trim()) unfoldFound();
    perCase = new Int32Array(caseIds.length);
    codesPerCase = new Int32Array(caseIds.length);
    const pairs = new Set();
    for (const coding of found) {
      for (const one of peopleOf(coding)) {
        if (!isOfCase[one]) continue;
        perCase[one] += 1;
        const pair = one * size + codeOf[coding];
        if (!pairs.has(pair)) {
          pairs.add(pair);
          codesPerCase[one] += 1;
        }
      }
    }
    const seen = perCase.reduce((sum, n) => sum + (n > 0 ? 1 : 0), 0);
    const used = live.own.reduce((sum, n) => sum + (n > 0 ? 1 : 0), 0);
    const sum = filled("{codings} of {codes} from {cases}", {
      codings: leading(counted(found.length, ...codingWords), "codings"),
      codes: leading(counted(used, ...codeWords), "codes.count"),
      cases: leading(counted(seen, caseWord, casesWord), seen === caseIds.length ? "cases" : ""),
    });
    const all = counted(total, ...codingWords);
    find("found").replaceChildren(filtered ? filled("{found}, of {all} in all", { found: sum, all }) : sum, ".");
    const isShown = (code) => !filtered || live.n[code] > 0;
    codesTable.show(order.filter(isShown));
    casesTable.show(caseIds.map((_, one) => one).filter((one) => !filtered || perCase[one] > 0));
    keepReachable();
    showChosen();
  }

  // where little is found, it is shown unfolded
  function unfoldFound() {
    const few = order.filter((code) => live.own[code] > 0);
    if (few.length > 60) return;
    for (const code of few) {
      for (const above of pathOf(code).slice(0, -1)) items[above].setAttribute("aria-expanded", "true");
    }
  }

  function showChosen() {
    const chosen = state.code;
    const within = chosen < 0 ? found : found.filter((coding) => isWithin(codeOf[coding], chosen));
    const box = find("chosen");
    box.replaceChildren();
    if (chosen >= 0) {
      const path = pathOf(chosen).slice(0, -1);
      if (path.length) {
        const above = element("p", null, { class: "path" });
        path.forEach((code, place) => above.append(place ? " › " : "", written(codes.label[code])));
        box.append(above);
      }
      const title = element("h3");
      title.append(written(codes.label[chosen]));
      box.append(title);
      const about = at(codes.about, chosen);
      if (about) {
        const said = element("p");
        said.append(written(about));
        box.append(said);
      }
      const sum = element("p");
      sum.append(filled("{codings} from {cases}", {
        codings: leading(counted(live.n[chosen], ...codingWords), behindCode("codings", chosen)),
        cases: leading(counted(live.cases[chosen], caseWord, casesWord), behindCode("cases", chosen)),
      }), ".");
      box.append(sum);
      const tools = element("p", null, { class: "tools" });
      const every = element("button", say("Codings of all codes"), { type: "button" });
      every.addEventListener("click", () => { choose(-1); find("codings").focus(); });
      const back = element("button", say("Back to the code"), { type: "button", class: "narrow" });
      back.addEventListener("click", () => items[chosen].focus());
      tools.append(every, back);
      box.append(tools);
    } else {
      box.append(element("p", say("Of all codes. Choose one in the code system to see its own."), { class: "hint" }));
    }
    if (facets.length) box.append(breakdown(facets[0], within));
    codingsTable.show(within);
  }

  function breakdown(facet, within) {
    const table = element("table");
    table.append(element("caption", say("By {group}", { group: facet.name })));
    const head = element("tr");
    head.append(
      element("th", facet.name, { scope: "col" }),
      element("th", say("Codings"), { scope: "col", class: "number" }),
      element("th", content.casesTitle, { scope: "col", class: "number" }),
    );
    const top = element("thead");
    top.append(head);
    const body = element("tbody");
    const n = facet.values.map(() => 0);
    const people = facet.values.map(() => new Set());
    for (const coding of within) {
      for (const value of valuesOf(facet, coding)) n[value] += 1;
      for (const one of peopleOf(coding)) if (isOfCase[one]) people[facet.of[one]].add(one);
    }
    facet.values.forEach((value, place) => {
      const row = element("tr");
      const name = element("th", null, { scope: "row" });
      const only = element("button", null, {
        type: "button", class: "plain", title: say("Show {group} only", { group: value }),
      });
      only.append(written(value));
      only.addEventListener("click", () => narrow(facet, place));
      name.append(only);
      const address = state.code < 0 && content.grouped ? `?group=${place + 1}` : "";
      const cells = [[n[place], "codings"], [people[place].size, "cases"]].map(([many, unit]) => {
        const cell = element("td");
        cell.append(leading(number(many), address && `${unit}${address}`));
        return cell;
      });
      row.append(name, ...cells);
      body.append(row);
    });
    table.append(top, body);
    return table;
  }

  function narrow(facet, value) {
    const place = facets.indexOf(facet);
    state.values[place] = value;
    const select = find(`facet-${place}`);
    select.value = String(value);
    refresh();
    select.focus();
  }

  // ---------------------------------------------------------------- the tree, by keyboard

  let current = roots[0] ?? -1;
  const isOpen = (code) => items[code].getAttribute("aria-expanded") === "true";
  const isVisible = (code) =>
    !items[code].parentElement.hidden && pathOf(code).slice(0, -1).every(isOpen);
  const visible = () => order.filter(isVisible);

  function makeCurrent(code, withFocus) {
    if (current >= 0) items[current].tabIndex = -1;
    current = code;
    if (code < 0) return;
    items[code].tabIndex = 0;
    if (withFocus) items[code].focus();
  }

  function keepReachable() {
    if (current < 0 || !isVisible(current)) makeCurrent(visible()[0] ?? -1, false);
  }

  function fold(code, open) {
    if (!children[code].length) return;
    items[code].setAttribute("aria-expanded", String(open));
    keepReachable();
  }

  function choose(code) {
    if (state.code >= 0) items[state.code].setAttribute("aria-selected", "false");
    state.code = code;
    if (code >= 0) {
      items[code].setAttribute("aria-selected", "true");
      for (const above of pathOf(code).slice(0, -1)) items[above].setAttribute("aria-expanded", "true");
      makeCurrent(code, false);
    }
    try {
      history.replaceState(null, "", code >= 0 ? `#code-${code}` : "#codings");
    } catch { /* not where the page has no address of its own */ }
    showChosen();
  }

  items.forEach((item) => { item.tabIndex = -1; });
  makeCurrent(current, false);

  tree.addEventListener("click", (event) => {
    const item = event.target.closest('[role="treeitem"]');
    if (!item) return;
    const code = Number(item.id.slice(5));
    if (event.target.closest(".twist") && children[code].length) {
      fold(code, !isOpen(code));
      makeCurrent(code, true);
      return;
    }
    choose(code);
    makeCurrent(code, true);
    if (matchMedia("(max-width: 61.99rem)").matches) {
      find("codings").scrollIntoView();
      find("codings").focus({ preventScroll: true });
    }
  });

  let typed = "";
  let typedAt = 0;
  tree.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || current < 0) return;
    const list = visible();
    const place = list.indexOf(current);
    const go = (code) => { if (code !== undefined && code >= 0) makeCurrent(code, true); };
    switch (event.key) {
      case "ArrowDown": go(list[place + 1]); break;
      case "ArrowUp": go(list[place - 1]); break;
      case "Home": go(list[0]); break;
      case "End": go(list.at(-1)); break;
      case "ArrowRight":
        if (children[current].length && !isOpen(current)) fold(current, true);
        else if (isOpen(current)) go(list[place + 1]);
        break;
      case "ArrowLeft":
        if (isOpen(current)) fold(current, false);
        else go(codes.parent[current]);
        break;
      case "*":
        for (const code of codes.parent[current] < 0 ? roots : children[codes.parent[current]]) fold(code, true);
        break;
      case "Enter":
      case " ": choose(current); break;
      default: {
        if (event.key.length !== 1) return;
        const now = event.timeStamp;
        typed = now - typedAt < 700 ? typed + event.key : event.key;
        typedAt = now;
        const from = typed.length > 1 ? place : place + 1;
        const turned = [...list.slice(from), ...list.slice(0, from)];
        go(turned.find((code) => labels[code].startsWith(folded(typed))));
      }
    }
    event.preventDefault();
  });

  find("unfold").addEventListener("click", () => { for (const code of order) fold(code, true); });
  find("fold").addEventListener("click", () => { for (const code of order) fold(code, false); });

  // ---------------------------------------------------------------- search, filters, theme

  const form = find("filters");
  let waiting = 0;
  find("search").addEventListener("input", (event) => {
    state.query = event.target.value;
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 150);
  });
  form.addEventListener("change", (event) => {
    const { facet } = event.target.dataset;
    if (facet !== undefined) state.values[facet] = event.target.value === "" ? -1 : Number(event.target.value);
    else if (event.target.id === "quoted") state.quoted = event.target.checked;
    else return;
    refresh();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    Object.assign(state, { query: "", values: facets.map(() => -1), quoted: false });
    setTimeout(refresh, 0);
  });

  const build = document.querySelector('meta[name="study-build"]').content;
  if (!/^0+$/.test(build)) find("build").textContent = say("Build {build}", { build });

  addEventListener("beforeprint", () => {
    for (const shown of [codingsTable, codesTable, casesTable]) shown.onPaper();
  });
  addEventListener("afterprint", () => {
    for (const plain of document.querySelectorAll(".paper")) plain.remove();
  });

  const themes = ["auto", "light", "dark"];
  const themeWords = { auto: "Theme: as the system", light: "Theme: light", dark: "Theme: dark" };
  const root = document.documentElement;
  function showTheme() {
    find("theme").textContent = say(themeWords[root.dataset.theme ?? "auto"]);
  }
  find("theme").addEventListener("click", () => {
    const next = themes[(themes.indexOf(root.dataset.theme ?? "auto") + 1) % themes.length];
    if (next === "auto") delete root.dataset.theme;
    else root.dataset.theme = next;
    try { localStorage.setItem("study-theme", next); } catch { /* no storage */ }
    showTheme();
  });
  showTheme();

  function follow() {
    const named = /^#code-(\d+)$/.exec(location.hash);
    if (named && Number(named[1]) < size) choose(Number(named[1]));
  }
  addEventListener("hashchange", follow);
  refresh();
  follow();
})();
