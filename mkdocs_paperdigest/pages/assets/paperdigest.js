// What a digest page gains when scripts run: copying BibTeX, a lightbox, keys from paper to paper.
// Everything is on the page without them.
(() => {
  "use strict";

  const say = (name, fallback) => document.querySelector(".pd-words")?.dataset[name] || fallback;

  function element(tag, className, text) {
    const made = document.createElement(tag);
    made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function button(className, label, text, action) {
    const made = element("button", className, text);
    made.type = "button";
    made.setAttribute("aria-label", label);
    made.title = label;
    made.addEventListener("click", action);
    return made;
  }

  // BibTeX

  function addCopyButton(details) {
    const entry = details.querySelector("pre");
    if (!entry || details.querySelector(".pd-copy")) return;
    const copy = element("button", "pd-copy", say("copy", "Copy"));
    copy.type = "button";
    copy.addEventListener("click", async () => {
      const done = await copyText(entry);
      copy.textContent = done ? say("copied", "Copied") : say("copy", "Copy");
      setTimeout(() => { copy.textContent = say("copy", "Copy"); }, 2000);
    });
    entry.after(copy);
  }

  async function copyText(node) {
    try {
      await navigator.clipboard.writeText(node.textContent);
      return true;
    } catch {
      // No clipboard without HTTPS: the selected text can still be copied by hand.
      getSelection().selectAllChildren(node);
      return document.execCommand("copy");
    }
  }

  // Lightbox: one dialog, made when it is first needed.

  let box = null;
  let shown = { images: [], at: 0, opener: null };

  function lightbox() {
    if (box?.isConnected) return box;
    box = element("dialog", "pd-lightbox");
    const stage = element("div", "pd-stage");
    stage.addEventListener("click", (event) => {
      if (event.target === stage) box.close();
      else stage.classList.toggle("pd-zoomed");
    });
    let start = null;
    stage.addEventListener("pointerdown", (event) => { start = event.isPrimary ? event.clientX : null; });
    stage.addEventListener("pointerup", (event) => {
      const moved = start === null ? 0 : event.clientX - start;
      if (event.pointerType !== "mouse" && Math.abs(moved) > 60 && !stage.classList.contains("pd-zoomed")) {
        turn(moved < 0 ? 1 : -1);
      }
      start = null;
    });
    const close = button("pd-close", say("close", "Close"), "×", () => box.close());
    close.autofocus = true;
    box.append(
      stage,
      close,
      button("pd-previous", say("previous", "Previous"), "‹", () => turn(-1)),
      button("pd-next", say("next", "Next"), "›", () => turn(1)),
      element("span", "pd-position"),
      element("div", "pd-legend"),
    );
    box.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      // The theme listens to keys as well.
      event.stopPropagation();
      if (step && !stage.classList.contains("pd-zoomed")) turn(step);
    });
    box.addEventListener("close", () => shown.opener?.focus());
    document.body.append(box);
    return box;
  }

  function turn(step) {
    const count = shown.images.length;
    show((shown.at + step + count) % count);
  }

  function show(at) {
    shown.at = at;
    const image = shown.images[at];
    const stage = box.querySelector(".pd-stage");
    const large = element("img", "");
    large.src = image.currentSrc || image.src;
    large.alt = image.alt;
    large.width = image.getAttribute("width");
    large.height = image.getAttribute("height");
    large.style.height = "auto";
    stage.classList.remove("pd-zoomed");
    stage.replaceChildren(large);
    const caption = image.closest("figure").querySelector("figcaption");
    const legend = element("div", "");
    legend.append(...caption.cloneNode(true).childNodes);
    box.querySelector(".pd-legend").replaceChildren(legend);
    box.querySelector(".pd-position").textContent = `${at + 1} / ${shown.images.length}`;
    box.setAttribute("aria-label", legend.querySelector("b")?.textContent || "");
    for (const name of [".pd-previous", ".pd-next"]) box.querySelector(name).hidden = shown.images.length < 2;
  }

  function addLightbox(gallery) {
    const images = [...gallery.querySelectorAll("figure img")].filter((image) => !image.closest("a"));
    images.forEach((image, at) => {
      if (image.tabIndex === 0) return;
      image.tabIndex = 0;
      image.setAttribute("role", "button");
      const open = () => {
        lightbox();
        shown = { images, at, opener: image };
        show(at);
        box.showModal();
      };
      image.addEventListener("click", open);
      image.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        open();
      });
    });
  }

  // From paper to paper with j and k.

  document.addEventListener("keydown", (event) => {
    const step = { j: 1, k: -1 }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey || box?.open) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    const titles = [...document.querySelectorAll("h2.pd-title")];
    if (!titles.length) return;
    const line = scrollMargin(titles[0]) + 4;
    const tops = titles.map((title) => title.getBoundingClientRect().top);
    const next = step > 0 ? tops.findIndex((top) => top > line) : tops.findLastIndex((top) => top < line - 8);
    if (next < 0) return;
    event.preventDefault();
    event.stopPropagation();
    location.replace(`#${encodeURIComponent(titles[next].id)}`);
  }, true);

  function scrollMargin(title) {
    return parseFloat(getComputedStyle(title).scrollMarginTop) || 0;
  }

  // Where the site typesets no formulas, TeX reads better without its delimiters.

  function undressFormulas() {
    if (window.MathJax || window.katex || document.querySelector("script[src*=mathjax i], script[src*=katex i]")) return;
    for (const formula of document.querySelectorAll(".arithmatex:not(.pd-tex)")) {
      formula.textContent = formula.textContent.replace(/^\\\(|\\\)$/g, "");
      formula.classList.add("pd-tex");
    }
  }

  function enhance() {
    undressFormulas();
    document.documentElement.classList.add("pd-ready");
    document.querySelectorAll(".pd-bibtex").forEach(addCopyButton);
    document.querySelectorAll(".pd-gallery").forEach(addLightbox);
  }

  // Material's instant navigation replaces the page without loading it anew.
  if (typeof document$ !== "undefined") document$.subscribe(enhance);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", enhance);
  else enhance();
})();
