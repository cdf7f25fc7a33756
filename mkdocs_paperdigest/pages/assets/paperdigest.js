// Improves digest pages when scripts run: a filter, buttons that copy citations, a lightbox, keys to go
// from paper to paper. Without scripts, pages show the same content.
(() => {
  "use strict";

  const word = (name, n) => (document.querySelector(".pd-words")?.dataset[name] || name).replace("{n}", () => n);

  function make(tag, className, text = "", properties = {}) {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    return Object.assign(made, properties);
  }

  function button(className, label, text, onclick) {
    return make("button", className, text, { type: "button", title: label, ariaLabel: label, onclick });
  }

  // Citations

  function addCopyButton(entry) {
    if (entry.nextElementSibling?.matches(".pd-copy")) return;
    entry.after(make("button", "pd-copy", word("copy"), { type: "button", onclick: () => copy(entry.textContent, "copied") }));
  }

  async function copy(text, message) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without HTTPS there is no clipboard API.
      const area = make("textarea", "", text);
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      if (!done) return;
    }
    say(word(message));
  }

  // Titles: a link to the entry, the theme's own where it has one, whose address is copied on a click

  function addLink(title) {
    const label = word("copylink");
    const link = title.querySelector(".headerlink") || make("a", "pd-here", "#", { href: `#${title.id}`, ariaLabel: label });
    link.title = label;
    link.onclick = () => {
      const home = /^(\d{4}\.\d+|[a-z.-]+-\d{7})$/i.test(title.id) && document.querySelector(".pd-home a");
      const address = home ? `?paper=${title.id.replace(/-(\d{7})$/, "/$1")}` : `${location.pathname}#${title.id}`;
      copy(new URL(address, home ? home.href : location), "copiedlink");
    };
    title.append(link);
  }

  function say(text) {
    const said = document.querySelector(".pd-said") || document.body.appendChild(make("div", "pd-said", "", { role: "status" }));
    said.textContent = text;
    if (text) setTimeout(say, 3000, "");
  }

  // Entries: a heading with what follows it, or a row that opens.

  function nodesOf(title) {
    const row = title.closest("details.pd-row");
    if (row) return [row];
    const nodes = [title];
    for (let node = title.nextElementSibling; node && !node.matches("h2, li, .pd-row, .pd-words"); node = node.nextElementSibling) {
      nodes.push(node);
    }
    return nodes;
  }

  function reveal(title) {
    const row = title?.closest("details.pd-row:not([open])");
    if (row) row.open = row.classList.toggle("pd-opened", true);
  }

  const target = () => document.querySelector("h2.pd-title:target") || document.getElementById(location.hash.slice(1));
  const revealTarget = () => reveal(target());

  // View: full, or compact with every entry as a row that opens.

  function shut(title) {
    if (title.closest(".pd-row")) return;
    const nodes = nodesOf(title);
    const row = make("details", "pd-row pd-folded");
    const line = make("summary", "");
    const entry = make("div", "pd-entry");
    title.before(row);
    for (const node of nodes) node.hidden = false;
    line.append(...nodes.splice(0, 1));
    entry.append(...nodes);
    row.append(line, entry);
    const names = [...entry.querySelectorAll(".pd-author")].map((name) => name.textContent);
    const by = names.length > 2 ? word("etal").replace("{author}", () => names[0]) : names.join(", ");
    const teaser = make("span", "pd-teaser");
    const summary = entry.querySelector(".pd-summary");
    const sentence = make("span", "", "", { lang: summary?.lang });
    sentence.append(...(summary?.cloneNode(true).childNodes || []));
    teaser.append(make("span", "pd-by", `${by} · ${entry.querySelector(".pd-date").textContent}`), " ", sentence);
    line.append(teaser, ...(entry.querySelector(".pd-lead > a")?.cloneNode(true).childNodes || []));
  }

  function unfold(title) {
    const row = title.closest(".pd-folded");
    row?.replaceWith(title, ...row.lastChild.childNodes);
  }

  // Storage may be forbidden.
  function remembered(view) {
    try {
      if (view) localStorage.setItem("pd-view", view);
      return localStorage.getItem("pd-view");
    } catch {
      return view;
    }
  }

  function addView() {
    const titles = [...document.querySelectorAll("h2.pd-title")];
    const line = document.querySelector(".pd-state");
    if (titles.length < 2 || !line || line.querySelector(".pd-view")) return;
    const group = make("span", "pd-view", "", { role: "group", ariaLabel: word("view") });
    const show = (view) => {
      titles.forEach(view === "compact" ? shut : unfold);
      for (const one of group.children) one.ariaPressed = one.value === view;
      document.querySelector(".pd-filter")?.oninput();
    };
    const choose = (event) => { show(remembered(event.target.value) || event.target.value); };
    for (const value of ["full", "compact"]) group.append(make("button", "", word(value), { type: "button", value, onclick: choose }));
    line.append(group);
    if (remembered() !== "compact") return show("full");
    show("compact");
    target()?.scrollIntoView();
  }

  // All papers of the site, from a script, which pages can load from disk too

  const fold = (text) => text.toLowerCase().replace(/[łøđı]/g, (letter) => "lodi"["łøđı".indexOf(letter)])
    .normalize("NFKD").replace(/\p{M}/gu, "").replace(/[\s‐‑-]+/g, " ");

  // The id in `2410.13726v2`, `arXiv:math.GT/0309136`, an address, a DOI.
  const ID = /(?:([a-z-]+)(?:\.[a-z-]+)?(\/\d{7})|(\d{4}\.\d{4,5}))(?:v\d+)?(?:\.pdf)?$/i;
  const idIn = (text) => ID.exec(text)?.slice(1).join("").toLowerCase();

  let loading;

  async function loadPapers() {
    const home = new URL(document.querySelector(".pd-home a").href);
    const src = new URL("assets/papers.js", home);
    await new Promise((done) => document.head.append(make("script", "", "", { src, onload: done, onerror: done })));
    // On a disk, no server adds `index.html`.
    const end = home.pathname.endsWith(".html") ? ".html" : home.protocol === "file:" ? "/index.html" : "/";
    return (window.paperdigest || []).flatMap(([page, topic, papers]) => papers.map((paper) => {
      const [id, title, authors, date, tags = [], , anchor = id.replaceAll("/", "-")] = paper;
      const url = new URL(`${page}${end}#${anchor}`.replace("/index/", "/"), home);
      return { id, title, date, tags, anchor, url, by: `${topic} · ${authors}`, text: fold(paper.join()) };
    }));
  }

  const allPapers = () => loading ||= loadPapers();

  // The lasting address of a paper, `?paper=2410.13726`

  async function goToPaper(asked) {
    const home = document.querySelector(".pd-home");
    if (!asked || !home) return;
    const id = idIn(asked);
    const found = (await allPapers()).find((paper) => [asked, id].includes(paper.id));
    if (found) return location.replace(found.url);
    const notice = make("p", "pd-notice", `${word("unknown", asked)} `);
    if (id) notice.append(make("a", "", `arXiv:${id}`, { href: `https://arxiv.org/abs/${id}` }));
    if (window.paperdigest) home.after(notice);
  }

  // Filter: shows entries with all words and pressed tags, and lists those of other pages below.

  function addFilter(asked) {
    const bar = document.querySelector(".pd-filter");
    if (!bar || bar.oninput) return;
    const [input, select, count, ...chips] = bar.querySelectorAll("input, select, output, button");
    const below = document.querySelector(".pd-elsewhere");
    const [said, list, rest, search] = below.children;
    const box = document.querySelector("[data-md-component=search-query], [name=q]");
    const entries = [...document.querySelectorAll("h2.pd-title, .pd-newest > li")].map((title) => ({
      title,
      tags: (title.dataset.tags || "").split("|"),
      anchor: title.id || title.querySelector("a").hash.slice(1),
      text: fold([title.dataset.tags, ...nodesOf(title).map((node) => node.textContent)].join(" ")),
    }));
    let turn = 0;

    async function update() {
      const mine = ++turn;
      const words = input.value.trim().split(/\s+/).map((part) => fold(idIn(part) || part));
      const only = chips.filter((chip) => chip.ariaPressed === "true").map((chip) => chip.value);
      const active = Boolean(words[0] || only[0]);
      const fits = ({ text, tags }) => words.every((part) => text.includes(part)) && only.every((tag) => tags.includes(tag));
      const shown = entries.filter(fits);
      for (const entry of entries) for (const node of nodesOf(entry.title)) node.hidden = !shown.includes(entry);
      bar.classList.toggle("pd-active", active);
      count.textContent = active ? `${shown.length} / ${entries.length}` : "";
      const url = new URL(location);
      for (const name of ["q", "only"]) url.searchParams.delete(name);
      if (words[0]) url.searchParams.set("q", input.value);
      for (const tag of only) url.searchParams.append("only", tag);
      history.replaceState(history.state, "", url);
      const here = entries.map(({ anchor }) => anchor);
      const found = active ? (await allPapers()).filter((paper) => fits(paper) && !here.includes(paper.anchor)) : [];
      if (mine !== turn) return;
      below.hidden = !active || shown[0] && !found[0];
      search.hidden = !box || found[0];
      said.textContent = word(found[0] ? "elsewhere" : "nothing", found.length);
      rest.textContent = found[50] ? word("rest", found.length - 50) : "";
      list.replaceChildren(...found.slice(0, 50).map(({ title, url, date, by }) => {
        const item = make("li", "");
        item.append(make("a", "", title, { href: url }), make("time", "", date), make("span", "pd-by", by));
        return item;
      }));
    }

    bar.oninput = update;
    for (const chip of chips) {
      chip.ariaPressed = asked.getAll("only").includes(chip.value);
      chip.onclick = () => {
        chip.ariaPressed = chip.ariaPressed !== "true";
        update();
      };
    }
    select.onchange = () => {
      const value = ({ title }) => title.dataset[select.value] || "";
      for (const { title } of [...entries].sort((one, other) => value(other).localeCompare(value(one)))) {
        if (title.matches("li")) title.parentNode.append(title);
        else document.querySelector(".pd-words").before(...nodesOf(title));
      }
    };
    search.onclick = () => {
      box.value = input.value;
      if (box.name === "q") box.form.submit();
      box.focus();
      box.dispatchEvent(new Event("keyup"));
    };
    input.value = asked.get("q");
    const toggle = document.getElementById("__search");
    if (input.value && toggle?.checked) {
      box.value = "";
      box.blur();
      toggle.click();
    }
    if (input.value || asked.has("only")) update();
  }

  // Lightbox: one dialog for all galleries, made when it is first needed.

  let box = null;
  let links = [];
  let at = 0;

  function open(gallery, number) {
    links = gallery;
    if (!box?.isConnected) box = lightbox();
    box.showModal();
    show(number);
  }

  function lightbox() {
    const made = make("dialog", "pd-lightbox");
    const stage = make("div", "pd-stage");
    let start = null;
    const zoom = (wanted, x, y) => {
      const image = stage.firstChild;
      const { width, height } = image;
      const zoomed = stage.classList.toggle("pd-zoomed", wanted);
      image.style.width = zoomed ? `${Math.max(2 * width, image.naturalWidth)}px` : "";
      const scale = image.width / width;
      stage.scrollTo((x ?? width / 2) * scale - stage.clientWidth / 2, (y ?? height / 2) * scale - stage.clientHeight / 2);
    };
    stage.onclick = (event) => {
      if (event.target !== stage.firstChild) return made.close();
      zoom(undefined, event.offsetX, event.offsetY);
    };
    stage.onpointerdown = (event) => { start = event.isPrimary ? event.clientX : null; };
    stage.onpointerup = (event) => {
      const moved = start === null || event.pointerType === "mouse" ? 0 : event.clientX - start;
      if (Math.abs(moved) > 60 && !isZoomed()) turn(moved < 0 ? 1 : -1);
    };
    const close = button("pd-close", word("close"), "×", () => made.close());
    close.autofocus = true;
    made.append(
      stage,
      close,
      button("pd-previous", word("previous"), "‹", () => turn(-1)),
      button("pd-next", word("next"), "›", () => turn(1)),
      make("span", "pd-position"),
      make("div", "pd-legend"),
    );
    made.onkeydown = (event) => {
      // The theme listens to keys too.
      event.stopPropagation();
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const { key } = event;
      const larger = { "+": true, "=": true, "-": false, z: !isZoomed() }[key];
      if (larger !== undefined && larger !== isZoomed()) zoom(larger);
      const way = { ArrowRight: 1, ArrowLeft: -1, Home: -at, End: -1 - at }[key];
      if (way !== undefined && !isZoomed()) turn(way);
    };
    made.onclose = () => links[at].focus();
    document.body.append(made);
    return made;
  }

  const isZoomed = () => Boolean(box.querySelector(".pd-zoomed"));
  const turn = (way) => show((at + way + links.length) % links.length);

  function show(number) {
    at = number;
    const image = links[at].querySelector("img");
    const [width, height] = ["width", "height"].map((name) => image.getAttribute(name));
    const large = make("img", "", "", { src: links[at].href, alt: image.alt, width, height });
    const legend = make("div", "");
    legend.append(...image.closest("figure").querySelector("figcaption").cloneNode(true).childNodes);
    const stage = box.querySelector(".pd-stage");
    stage.classList.remove("pd-zoomed");
    stage.replaceChildren(large);
    box.querySelector(".pd-legend").replaceChildren(legend);
    box.querySelector(".pd-position").textContent = `${at + 1} / ${links.length}`;
    box.ariaLabel = legend.querySelector("b")?.textContent;
  }

  function addLightbox(gallery) {
    // GLightbox opens the links of its own class; those of exported pages are ours alone.
    const found = [...gallery.querySelectorAll(window.GLightbox ? "a.pd-zoom" : "a.pd-zoom, a.glightbox")];
    found.forEach((link, number) => {
      link.onclick = (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        open(found, number);
      };
    });
  }

  // The picture beside a summary opens the figure in its gallery, whose lightbox may be another's.

  function addLead(lead) {
    lead.onclick = (event) => {
      const figure = [...document.querySelectorAll(".pd-gallery a:has(img)")].find((link) => link.href === lead.href);
      if (!figure || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      figure.click();
    };
  }

  // Keys: j goes to the next paper, k to the previous one, ? shows the keys.

  function press(event) {
    const way = { j: 1, k: -1, "?": 0 }[event.key];
    if (way === undefined || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
    if (!way) return document.querySelector(".pd-keys")?.showModal();
    const titles = [...document.querySelectorAll("h2.pd-title")].filter((title) => title.offsetParent);
    const line = titles.length ? parseFloat(getComputedStyle(titles[0]).scrollMarginTop) || 0 : 0;
    const top = (title) => title.getBoundingClientRect().top - line;
    // At the end of a page, the last titles cannot move to the top.
    const here = titles.indexOf(document.activeElement);
    const next = here >= 0 ? titles[here + way] : way > 0 ? titles.find((title) => top(title) > 8) : titles.findLast((title) => top(title) < -8);
    if (!next) return;
    reveal(next);
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
    next.scrollIntoView();
    history.replaceState(history.state, "", `#${next.id}`);
  }

  function addKeys() {
    const dialog = document.querySelector(".pd-keys");
    const line = document.querySelector(".pd-turn > p, .pd-state");
    if (!dialog || !line || line.querySelector("button")) return;
    dialog.onkeydown = (event) => event.stopPropagation();
    line.append(" ", button("pd-copy pd-show-keys", word("keys"), "?", () => dialog.showModal()));
  }

  // On sites that typeset no formulas, TeX is easier to read without its delimiters.

  function undressFormulas() {
    if (window.MathJax || window.katex || document.querySelector("script[src*=mathjax i], script[src*=katex i]")) return;
    for (const formula of document.querySelectorAll(".arithmatex:not(.pd-tex)")) {
      formula.textContent = formula.textContent.replace(/^\\\(|\\\)$/g, "");
      formula.classList.add("pd-tex");
    }
  }

  // Material opens all details before it prints: what the reader has opened is marked apart from it.

  function mark(event) {
    const details = event.target.closest?.("summary")?.parentElement;
    details?.classList.toggle("pd-opened", !details.open);
    // A link to where the address leads already changes nothing else.
    if (event.target.closest?.("a")) setTimeout(revealTarget);
  }

  // Material takes `q` for its own search, and drops it from the address.
  let opened = performance.getEntriesByType("navigation")[0]?.name;

  function enhance() {
    document.documentElement.classList.add("pd-ready");
    undressFormulas();
    const asked = new URL(opened || location).searchParams;
    opened = "";
    addFilter(asked);
    addView();
    goToPaper(asked.get("paper"));
    document.querySelectorAll(".pd-bibtex pre").forEach(addCopyButton);
    document.querySelectorAll(".pd-gallery").forEach(addLightbox);
    document.querySelectorAll(".pd-lead > a").forEach(addLead);
    document.querySelectorAll("h2.pd-title").forEach(addLink);
    addKeys();
    if (!document.querySelector(".pd-said")) say("");
    revealTarget();
  }

  document.addEventListener("keydown", press);
  document.addEventListener("click", mark);
  addEventListener("hashchange", revealTarget);
  // Material's instant navigation replaces the page without reloading it; on a disk it stops before the first page.
  if (typeof document$ !== "undefined" && location.protocol !== "file:") document$.subscribe(enhance);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", enhance);
  else enhance();
})();
