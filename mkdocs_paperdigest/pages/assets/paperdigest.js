// Improves digest pages when scripts run: a filter, buttons that copy citations, a lightbox, keys to go
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

  // Filter: an entry is shown if it contains every word that was typed, in its title, authors, categories,
  // keywords or any other text. On the index of all topics, entries are list items.

  function addFilter() {
    const titles = [...document.querySelectorAll("h2.pd-title, .pd-newest > li")];
    if (titles.length < 4 || document.querySelector(".pd-filter")) return;
    const entries = titles.map((title) => {
      const nodes = [title];
      for (let node = title.nextElementSibling; node && !node.matches("h2, li, .pd-words"); node = node.nextElementSibling) {
        nodes.push(node);
      }
      const text = nodes.map((node) => node.textContent).join(" ").toLowerCase();
      return { nodes, text, code: nodes.some((node) => node.querySelector(".pd-code")) };
    });
    // A heading goes with the list or the entries below it.
    const groups = [...document.querySelectorAll(".pd-topic, h2.pd-period")].map((group) => {
      const list = group.matches("h2") ? group.nextElementSibling : group;
      const inside = entries.filter(({ nodes: [first] }) => list?.matches("h2.pd-title") ? first.matches("h2") : list?.contains(first));
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
        for (const node of entry.nodes) node.hidden = !fits;
        shown += fits;
      }
      for (const { nodes, inside } of groups) {
        for (const node of nodes) node.hidden = inside.length > 0 && inside.every((entry) => entry.nodes[0].hidden);
      }
      nothing.hidden = shown > 0;
      count.textContent = shown < entries.length ? `${shown} / ${entries.length}` : "";
    };
    label.append(code, ` ${word("code")}`);
    bar.append(input, ...(entries.some((entry) => entry.code) ? [label] : []), count);
    document.querySelector(".pd-topic, h2.pd-period, h2.pd-title").before(bar, nothing);
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
    next.closest("details.pd-row")?.setAttribute("open", "");
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
  }

  function enhance() {
    document.documentElement.classList.add("pd-ready");
    undressFormulas();
    addFilter();
    document.querySelectorAll(".pd-bibtex pre").forEach(addCopyButton);
    document.querySelectorAll(".pd-gallery").forEach(addLightbox);
    document.querySelectorAll("h2.pd-title").forEach(addLink);
    addKeys();
    if (!document.querySelector(".pd-said")) say("");
  }

  document.addEventListener("keydown", press);
  document.addEventListener("click", mark);
  // Material's instant navigation replaces the page without reloading it.
  if (typeof document$ !== "undefined") document$.subscribe(enhance);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", enhance);
  else enhance();
})();
