// A filter over all papers, a compact view, citations to copy, figures, keys.
(() => {
	"use strict";

	const one = (selector, root = document) => root.querySelector(selector);
	const all = (selector, root = document) => [...root.querySelectorAll(selector)];
	const word = (name, n) => (one(".pd-words")?.dataset[name] || name).replace("{n}", () => n);
	const setUrl = (url) => history.replaceState(history.state, "", url);
	const isChord = (event) => event.ctrlKey || event.metaKey || event.altKey;

	function make(tag, className, text = "", properties = {}) {
		const made = Object.assign(document.createElement(tag), properties);
		made.className = className;
		if (text) made.textContent = text;
		return made;
	}

	const load = (tag, address) =>
		new Promise((done) => document.head.append(make(tag, "", "", { ...address, onload: done, onerror: done })));

	// What is needed after an action only.
	const SCRIPT = document.currentScript.src;
	let style;
	const loadStyle = () => style ||= load("link", { rel: "stylesheet", href: new URL("lightbox.css", SCRIPT) });

	const button = (className, label, text, onclick) =>
		make("button", className, text, { type: "button", title: label, ariaLabel: label, onclick });

	async function copy(text, message) {
		try {
			await navigator.clipboard.writeText(text);
		} catch {
			// Without HTTPS there is no clipboard API.
			const area = document.body.appendChild(make("textarea", "", text));
			area.select();
			document.execCommand("copy");
			area.remove();
		}
		say(word(message));
	}

	async function say(text) {
		const said = one(".pd-said") || document.body.appendChild(make("div", "pd-said", "", { role: "status" }));
		if (text) await loadStyle();
		said.textContent = text;
		if (text) setTimeout(say, 3000, "");
	}

	function addCopy(entry) {
		if (entry.nextElementSibling.matches(".pd-copy")) return;
		entry.after(button("pd-copy", "", word("copy"), () => copy(entry.textContent, "copied")));
	}

	function addLink(title) {
		const link = one(".headerlink", title) || make("a", "pd-here", "#", { href: `#${title.id}` });
		link.title = link.ariaLabel = word("copylink");
		link.onclick = () => {
			const home = /^(\d{4}\.\d+|[a-z.-]+-\d{7})$/i.test(title.id) && one(".pd-home a");
			const address = home ? `?paper=${title.id.replace(/-(\d{7})$/, "/$1")}` : `${location.pathname}#${title.id}`;
			copy(new URL(address, home ? home.href : location), "copiedlink");
		};
		title.append(link);
	}

	function nodesOf(title) {
		const nodes = [title.closest(".pd-row") || title];
		let node = nodes[0] === title && title.nextElementSibling;
		for (; node && !node.matches("h2, li, .pd-row, .pd-words"); node = node.nextElementSibling) nodes.push(node);
		return nodes;
	}

	function reveal(title) {
		const row = title?.closest(".pd-row:not([open])");
		if (row) row.open = row.classList.toggle("pd-opened", true);
	}

	const target = () => document.getElementById(decodeURIComponent(location.hash.slice(1)));
	const revealHash = () => reveal(target());

	function shut(title) {
		if (title.closest(".pd-row")) return;
		const [, ...nodes] = nodesOf(title);
		const row = make("details", "pd-row pd-folded");
		const line = make("summary", "");
		const entry = make("div", "pd-entry");
		title.before(row);
		line.append(title);
		entry.append(...nodes);
		row.append(line, entry);
		for (const node of [title, ...nodes]) node.hidden = false;
		const teaser = make("span", "pd-teaser");
		teaser.append(make("span", "pd-by", title.dataset.by), " ");
		const summary = one(".pd-summary", entry)?.cloneNode(true);
		if (summary) teaser.append(Object.assign(make("span", ""), { lang: summary.lang, innerHTML: summary.innerHTML }));
		line.append(teaser, one(".pd-lead img", entry)?.cloneNode() || "");
	}

	function unshut(title) {
		const row = title.closest(".pd-folded");
		row?.replaceWith(title, ...row.lastChild.childNodes);
	}

	function addView() {
		const titles = all("h2.pd-title");
		const line = one(".pd-state");
		if (!titles[1] || one(".pd-view")) return;
		const group = line.appendChild(make("span", "pd-view", "", { role: "group", ariaLabel: word("view") }));
		const show = (view) => {
			titles.forEach(view === "compact" ? shut : unshut);
			for (const choice of group.children) choice.ariaPressed = choice.value === view;
			one(".pd-filter")?.oninput();
		};
		for (const value of ["full", "compact"]) {
			group.append(make("button", "", word(value), { type: "button", value, onclick: () => show(stored(value)) }));
		}
		show(stored() || "full");
		if (stored()) target()?.scrollIntoView();
	}

	// Storage may be forbidden.
	function stored(view) {
		try {
			if (view) localStorage["pd-view"] = view;
			return localStorage["pd-view"];
		} catch {
			return view;
		}
	}

	const plain = { ł: "l", ø: "o", đ: "d", ı: "i" };
	const fold = (text) => text.toLowerCase().replace(/[łøđı]/g, (letter) => plain[letter])
		.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[\s‐‑-]+/g, " ");

	// The id in `2410.13726v2`, `arXiv:math.GT/0309136`, an address, a DOI.
	const ID = /(?:([a-z-]+)(?:\.[a-z-]+)?(\/\d{7})|(\d{4}\.\d{4,5}))(?:v\d+)?(?:\.pdf)?$/i;
	const idIn = (text) => ID.exec(text)?.slice(1).join("").toLowerCase();

	async function loadPapers() {
		const home = new URL(one(".pd-home a").href);
		await load("script", { src: new URL("assets/papers.js", home) });
		// A disk adds no `index.html`.
		const end = home.pathname.endsWith(".html") ? ".html" : home.protocol === "file:" ? "/index.html" : "/";
		return (window.paperdigest || []).flatMap(([page, topic, papers]) => papers.map((paper) => {
			const [id, title, authors, date, tags = [], , anchor = id.replaceAll("/", "-")] = paper;
			const href = new URL(`${page}${end}#${anchor}`.replace("/index/", "/"), home);
			return { id, title, date, tags, anchor, href, by: `${topic} · ${authors}`, text: fold(paper.join()) };
		}));
	}

	let loading;
	const allPapers = () => loading ||= loadPapers();

	async function goToPaper(asked) {
		const home = one(".pd-home");
		if (!asked || !home) return;
		const id = idIn(asked);
		const found = (await allPapers()).find((paper) => [asked, id].includes(paper.id));
		if (found) return location.replace(found.href);
		const notice = make("p", "pd-notice", `${word("unknown", asked)} `);
		if (id) notice.append(make("a", "", "arXiv", { href: `https://arxiv.org/abs/${id}` }));
		if (window.paperdigest) home.after(notice);
	}

	function addFilter(asked) {
		const bar = one(".pd-filter");
		if (!bar || bar.oninput) return;
		const [input, select, count, ...chips] = all("input, select, output, button", bar);
		const below = one(".pd-elsewhere");
		const [said, list, rest, search] = below.children;
		const box = one("[data-md-component=search-query], [name=q]");
		// Neither links nor the titles of other papers are an entry's own words.
		const wordsOf = (node) => node.matches(".pd-links, .pd-related") ? ""
			: node.textContent.replace(one(".pd-related", node)?.textContent || "", "");
		const entries = all("h2.pd-title, .pd-newest > li").map((title) => ({
			title,
			tags: (title.dataset.tags || "").split("|"),
			anchor: title.id || one("a", title).hash.slice(1),
			text: fold([title.dataset.tags, ...nodesOf(title).map(wordsOf)].join(" ")),
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
			setUrl(url);
			const isHere = ({ anchor }) => entries.some((entry) => entry.anchor === anchor);
			const found = active ? (await allPapers()).filter((paper) => fits(paper) && !isHere(paper)) : [];
			if (mine !== turn) return;
			below.hidden = !active || shown[0] && !found[0];
			search.hidden = !box || found[0];
			said.textContent = word(found[0] ? "elsewhere" : "nothing", found.length);
			rest.textContent = found[50] ? word("rest", found.length - 50) : "";
			list.replaceChildren(...found.slice(0, 50).map(({ title, href, date, by }) => {
				const item = make("li", "");
				item.append(make("a", "", title, { href }), make("time", "", date), make("span", "pd-by", by));
				return item;
			}));
		}

		bar.oninput = update;
		for (const chip of chips) {
			chip.ariaPressed = asked.getAll("only").includes(chip.value);
			chip.onclick = () => update(chip.ariaPressed = chip.ariaPressed !== "true");
		}
		select.onchange = () => {
			const value = ({ title }) => title.dataset[select.value] || "";
			for (const { title } of [...entries].sort((first, other) => value(other).localeCompare(value(first)))) {
				if (title.matches("li")) title.parentNode.append(title);
				else one(".pd-words").before(...nodesOf(title));
			}
		};
		search.onclick = () => {
			box.value = input.value;
			if (box.name === "q") box.form.submit();
			box.focus();
			box.dispatchEvent(new Event("keyup"));
		};
		input.value = asked.get("q");
		// Material opens its search for `q`, sooner or later.
		const shutSearch = () => {
			if (!input.value || !one("#__search:checked")) return;
			box.value = "";
			box.blur();
			one("#__search").click();
		};
		shutSearch();
		setTimeout(shutSearch, 500);
		if (input.value || asked.has("only")) update();
	}

	async function open(gallery, number) {
		await loadStyle();
		if (!window.pdLightbox) await load("script", { src: new URL("lightbox.js", SCRIPT) });
		window.pdLightbox?.(gallery, number, { one, make, button, word, isChord });
	}

	function opens(link, act) {
		link.onclick = (event) => {
			if (isChord(event) || event.shiftKey) return;
			event.preventDefault();
			act();
		};
	}

	function addLightbox(gallery) {
		// GLightbox opens the links of its own class; those of exported pages are ours alone.
		const found = all(window.GLightbox ? "a.pd-zoom" : "a.pd-zoom, a.glightbox", gallery);
		found.forEach((link, number) => opens(link, () => open(found, number)));
	}

	function addLead(lead) {
		const figure = all(".pd-gallery a:has(img)").find((link) => link.href === lead.href);
		if (figure) opens(lead, () => figure.click());
	}

	function press(event) {
		const way = { j: 1, k: -1, "?": 0 }[event.key];
		if (way === undefined || event.defaultPrevented || isChord(event)) return;
		if (event.target.closest?.("input, textarea, select, [contenteditable]") || one("dialog[open]")) return;
		if (!way) return showKeys();
		const titles = all("h2.pd-title").filter((title) => title.offsetParent);
		const top = (title) => title.getBoundingClientRect().top - parseFloat(getComputedStyle(title).scrollMarginTop);
		const here = titles.indexOf(document.activeElement);
		const next = here >= 0 ? titles[here + way]
			: way > 0 ? titles.find((title) => top(title) > 8) : titles.findLast((title) => top(title) < -8);
		if (!next) return;
		reveal(next);
		next.tabIndex = -1;
		next.focus({ preventScroll: true });
		next.scrollIntoView();
		setUrl(`#${next.id}`);
	}

	async function showKeys() {
		await loadStyle();
		one(".pd-keys")?.showModal();
	}

	function addKeys() {
		const dialog = one(".pd-keys");
		const line = one(".pd-turn > p, .pd-state");
		if (!dialog || one(".pd-show-keys")) return;
		dialog.onkeydown = (event) => event.stopPropagation();
		dialog.onclick = () => dialog.close();
		line.append(button("pd-copy pd-show-keys", word("keys"), "?", showKeys));
	}

	// TeX that nothing typesets is easier to read without its delimiters.
	function undress() {
		if (window.MathJax || window.katex || one("script[src*=mathjax i], script[src*=katex i]")) return;
		for (const formula of all(".arithmatex:not(.pd-tex)")) {
			formula.textContent = formula.textContent.replace(/^\\\(|\\\)$/g, "");
			formula.classList.add("pd-tex");
		}
	}

	// Material opens all details before it prints; this marks what the reader opened.
	function mark(event) {
		const details = event.target.closest?.("summary")?.parentElement;
		details?.classList.toggle("pd-opened", !details.open);
		// A link to where the address leads already changes nothing else.
		if (event.target.closest?.("a")) setTimeout(revealHash);
	}

	let opened = performance.getEntriesByType("navigation")[0]?.name;

	function enhance() {
		document.documentElement.classList.add("pd-ready");
		undress();
		const asked = new URL(opened || location).searchParams;
		opened = "";
		addFilter(asked);
		addView();
		goToPaper(asked.get("paper"));
		all(".pd-bibtex pre").forEach(addCopy);
		all(".pd-gallery").forEach(addLightbox);
		all(".pd-lead > a").forEach(addLead);
		all("h2.pd-title").forEach(addLink);
		addKeys();
		if (!one(".pd-said")) say("");
		revealHash();
	}

	addEventListener("keydown", press);
	addEventListener("click", mark);
	addEventListener("hashchange", revealHash);
	// Instant navigation replaces pages without reloading; on a disk it stops before the first one.
	if (window.document$ && location.protocol !== "file:") document$.subscribe(enhance);
	else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", enhance);
	else enhance();
})();
