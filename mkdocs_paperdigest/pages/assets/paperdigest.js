// Improves digest pages when scripts run: a filter, a button that copies BibTeX, a lightbox, keys to go
// from paper to paper. Without scripts, pages show the same content.
(() => {
  "use strict";

  const word = (name) => document.querySelector(".pd-words")?.dataset[name] || name;

  function make(tag, className, text = "", properties = {}) {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    return Object.assign(made, properties);
  }

  function button(className, label, text, onclick) {
    return make("button", className, text, { type: "button", title: label, ariaLabel: label, onclick });
  }

  // BibTeX

  function addCopyButton(details) {
    const entry = details.querySelector("pre");
    if (details.querySelector(".pd-copy")) return;
    const copy = make("button", "pd-copy", word("copy"), { type: "button" });
    copy.onclick = async () => {
      if (await copied(entry)) copy.textContent = word("copied");
      setTimeout(() => { copy.textContent = word("copy"); }, 2000);
    };
    entry.after(copy);
  }

  async function copied(node) {
    try {
      await navigator.clipboard.writeText(node.textContent);
      return true;
    } catch {
      // Without HTTPS there is no clipboard API, but readers can copy selected text themselves.
      getSelection().selectAllChildren(node);
      return document.execCommand("copy");
    }
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

  function fold(title) {
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
      titles.forEach(view === "compact" ? fold : unfold);
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

  // Filter: an entry is shown if it contains every word that was typed, in its title, authors, categories,
  // keywords or any other text. On the index of all topics, entries are list items.

  function addFilter() {
    const titles = [...document.querySelectorAll("h2.pd-title, .pd-newest > li")];
    if (titles.length < 4 || document.querySelector(".pd-filter")) return;
    const entries = titles.map((title) => {
      const nodes = nodesOf(title);
      const text = nodes.map((node) => node.textContent).join(" ").toLowerCase();
      return { title, text, code: nodes.some((node) => node.querySelector(".pd-code")) };
    });
    // A heading goes with the list or the entries below it.
    const groups = [...document.querySelectorAll(".pd-topic, h2.pd-period")].map((group) => {
      const list = group.matches("h2") ? group.nextElementSibling : group;
      const inside = entries.filter(({ title }) => list?.matches("h2, .pd-row") ? title.matches("h2") : list?.contains(title));
      return { nodes: [group, ...(group.matches("h2") && list?.matches("ul") ? [list] : [])], inside };
    });
    const bar = make("div", "pd-filter");
    const input = make("input", "", "", { type: "search", placeholder: word("filter"), ariaLabel: word("filter") });
    const code = make("input", "", "", { type: "checkbox" });
    const label = make("label", "");
    const count = make("output", "");
    const nothing = make("p", "", word("nothing"), { hidden: true });
    bar.oninput = () => {
      const words = input.value.toLowerCase().split(/\s+/);
      let shown = 0;
      for (const entry of entries) {
        const fits = (!code.checked || entry.code) && words.every((part) => entry.text.includes(part));
        entry.hidden = !fits;
        for (const node of nodesOf(entry.title)) node.hidden = !fits;
        shown += fits;
      }
      for (const { nodes, inside } of groups) {
        for (const node of nodes) node.hidden = inside.length > 0 && inside.every((entry) => entry.hidden);
      }
      nothing.hidden = shown > 0;
      count.textContent = shown < entries.length ? `${shown} / ${entries.length}` : "";
    };
    label.append(code, ` ${word("code")}`);
    bar.append(input, ...(entries.some((entry) => entry.code) ? [label] : []), count);
    document.querySelector(".pd-topic, h2.pd-period, h2.pd-title, .pd-row").before(bar, nothing);
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
    stage.onclick = (event) => {
      const image = stage.firstChild;
      if (event.target !== image) return made.close();
      const width = image.width;
      const zoomed = stage.classList.toggle("pd-zoomed");
      image.style.width = zoomed ? `${Math.max(2 * width, image.naturalWidth)}px` : "";
      const scale = image.width / width;
      stage.scrollTo(event.offsetX * scale - stage.clientWidth / 2, event.offsetY * scale - stage.clientHeight / 2);
    };
    stage.onpointerdown = (event) => { start = event.isPrimary ? event.clientX : null; };
    stage.onpointerup = (event) => {
      const moved = start === null || event.pointerType === "mouse" ? 0 : event.clientX - start;
      if (Math.abs(moved) > 60) turn(moved < 0 ? 1 : -1);
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
      turn({ ArrowRight: 1, ArrowLeft: -1 }[event.key] || 0);
    };
    made.onclose = () => links[at].focus();
    document.body.append(made);
    return made;
  }

  function turn(step) {
    if (step && !box.querySelector(".pd-zoomed")) show((at + step + links.length) % links.length);
  }

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

  // Keys: j goes to the next paper, k to the previous one.

  function step(event) {
    const forward = { j: true, k: false }[event.key];
    if (forward === undefined || event.ctrlKey || event.metaKey || event.altKey || box?.open) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    const titles = [...document.querySelectorAll("h2.pd-title")].filter((title) => title.offsetParent);
    const line = titles.length ? parseFloat(getComputedStyle(titles[0]).scrollMarginTop) || 0 : 0;
    const top = (title) => title.getBoundingClientRect().top - line;
    const next = forward ? titles.find((title) => top(title) > 8) : titles.findLast((title) => top(title) < -8);
    reveal(next);
    next?.scrollIntoView();
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

  function enhance() {
    document.documentElement.classList.add("pd-ready");
    undressFormulas();
    addView();
    addFilter();
    document.querySelectorAll(".pd-bibtex").forEach(addCopyButton);
    document.querySelectorAll(".pd-gallery").forEach(addLightbox);
    document.querySelectorAll(".pd-lead > a").forEach(addLead);
    revealTarget();
  }

  document.addEventListener("keydown", step);
  document.addEventListener("click", mark);
  addEventListener("hashchange", revealTarget);
  // Material's instant navigation replaces the page without reloading it.
  if (typeof document$ !== "undefined") document$.subscribe(enhance);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", enhance);
  else enhance();
})();
