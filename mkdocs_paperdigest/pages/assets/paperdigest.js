// `later.js` has what only an action needs.
(() => {
const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const word = (name, n) => (one(".pd-words")?.dataset[name] || name).replace("{n}", () => n);
const setUrl = (url) => history.replaceState(history.state, "", url);
const TITLES = "h2.pd-title, li[data-tags]";
const isChord = (event) => event.ctrlKey || event.metaKey || event.altKey;

function make(tag, className = "", content = "", properties = {}) {
	const made = Object.assign(document.createElement(tag), properties);
	made.className = className;
	made.append(...[content].flat());
	return made;
}

const load = (tag, address) =>
	new Promise((done) => document.body.append(make(tag, "", "", { ...address, onload: done, onerror: done })));

const SCRIPT = document.currentScript.src;
let later;

async function act(name, ...given) {
	await (later ||= Promise.all([
		load("link", { rel: "stylesheet", href: new URL("later.css", SCRIPT) }),
		load("script", { src: new URL("later.js", SCRIPT) }),
	]));
	return tools[name]?.(...given);
}

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
	act("say", word(message));
}

function addCopy(entry) {
	const onclick = () => copy(entry.textContent, "copied");
	entry.after(make("button", "pd-copy", word("copy"), { type: "button", onclick }));
}

function addLink(title) {
	const link = one(".headerlink", title) || make("a", "pd-here", "#", { href: `#${title.id}` });
	link.title = link.ariaLabel = word("copylink");
	link.onclick = () => copy(/^(\d{4}\.\d+|[a-z.-]+-\d{7})$/i.test(title.id)
		? `${one(".pd-home a").href}?paper=${title.id.replace(/-(\d{7})$/, "/$1")}`
		: new URL(`${location.pathname}#${title.id}`, location), "copiedlink");
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
	for (const node of [title, ...nodes]) node.hidden = false;
	const row = make("details", "pd-row pd-folded");
	title.before(row);
	const entry = make("div", "pd-entry", nodes);
	const { childNodes = [], lang = "" } = one(".pd-summary", entry)?.cloneNode(true) || {};
	const teaser = [make("span", "pd-by", title.dataset.by), " ", make("span", "", [...childNodes], { lang })];
	const picture = one(".pd-lead img", entry)?.cloneNode() || "";
	row.append(make("summary", "", [title, make("span", "pd-teaser", teaser), picture]), entry);
}

function unshut(title) {
	const row = title.closest(".pd-folded");
	row?.replaceWith(title, ...row.lastChild.childNodes);
}

function addView() {
	const titles = all("h2.pd-title"), group = one(".pd-words > .pd-view");
	if (!titles[1] || !group) return;
	const show = (view) => {
		titles.forEach(view === "compact" ? shut : unshut);
		for (const choice of group.children) choice.ariaPressed = choice.value === view;
		one(".pd-filter")?.oninput();
		showNew();
	};
	group.onclick = ({ target: { value } }) => value && show(stored("pd-view", value) || value);
	one(".pd-state").append(group);
	show(stored("pd-view") || "full");
	if (stored("pd-view")) target()?.scrollIntoView();
}

// Storage may be forbidden.
function stored(key, value) {
	try {
		if (value) localStorage[key] = value;
		return localStorage[key];
	} catch {}
}

// Anchors of what the reader has read on this site, and since when the rest is new.
let since, read;
const readKey = () => `pd-read ${new URL(one(".pd-home a").href).pathname}`;
const anchorOf = (title) => title.id || one("a", title).hash.slice(1);
const isNew = (anchor) => since && !read.has(anchor);

function recall() {
	const [time, ...anchors] = (stored(readKey()) || "").split(" ");
	since = Date.parse(time);
	read = new Set(anchors);
}

function remember(anchors, all) {
	recall();
	if (all) since = Date.now();
	read = new Set([...anchors, ...read]);
	if (since) stored(readKey(), [new Date(since).toISOString(), ...read].slice(0, 9999).join(" "));
}

function addDot(title) {
	const places = title.id ? [title, ...all(`:is(nav, .nav) a[href$="#${title.id}"]`)] : [one("a", title)];
	for (const place of places) place.prepend(make("span", "pd-dot", "●", { role: "img", ariaLabel: word("unread") }), " ");
	// An entry is read once it was on the screen; its line is not enough.
	if (title.id) new IntersectionObserver(([{ isIntersecting }]) => isIntersecting && remember([title.id]))
		.observe((title.closest("summary") || title).nextElementSibling);
}

async function showNew() {
	if (!one(".pd-home")) return;
	recall();
	// Without storage, and on the first visit, nothing is new.
	if (!since && !stored(readKey(), "-")) return;
	const isIndex = one(".pd-topic");
	const anchors = (await (since && !isIndex ? [] : allPapers())).map(({ anchor }) => anchor);
	if (anchors[0] && (!since || !anchors.some(isNew))) remember(anchors, true);
	for (const dot of all(".pd-dot")) dot.remove();
	const titles = all(TITLES).filter((title) => isNew(anchorOf(title)));
	titles.forEach(addDot);
	const fresh = anchors[0] ? anchors.filter(isNew) : titles.map(anchorOf);
	const chip = one("[value=unread]");
	if (!chip) return;
	const form = Date.now() - since < 5e8 ? { weekday: "long" } : { dateStyle: "long" };
	chip.textContent = word("new", fresh.length).replace("{when}", new Date(since).toLocaleString(word("locale"), form));
	chip.hidden = !fresh[0] && chip.ariaPressed !== "true";
	const done = chip.nextElementSibling;
	done.hidden = !fresh[0];
	done.onclick = () => {
		remember(fresh, isIndex);
		chip.ariaPressed = false;
		one(".pd-filter").oninput();
		showNew();
	};
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

function addFilter(asked) {
	const bar = one(".pd-filter");
	if (!bar) return;
	const [input, select, count] = all("input, select, output", bar);
	const chips = all("button[value]", bar);
	const below = one(".pd-elsewhere");
	const [said, list, rest, search] = below.children;
	const box = one("[data-md-component=search-query], [name=q]");
	// Links and titles of other papers are not its words.
	const wordsOf = (title) => [title, ...title.closest(".pd-row")?.lastElementChild.children || nodesOf(title)]
		.map((part) => part.matches(".pd-links, .pd-related") ? "" : part.textContent).join(" ");
	const entries = all(TITLES).map((title) => ({
		title,
		tags: (title.dataset.tags || "").split("|"),
		anchor: anchorOf(title),
		text: fold(`${title.dataset.tags} ${wordsOf(title)}`),
	}));
	const here = entries.map(({ anchor }) => anchor);
	let turn = 0;

	async function update() {
		const mine = ++turn;
		const words = input.value.trim().split(/\s+/).map((part) => fold(idIn(part) || part));
		const only = chips.filter((chip) => chip.ariaPressed === "true").map((chip) => chip.value);
		const active = !!(words[0] || only[0]);
		const fits = ({ text, tags, anchor }) => words.every((part) => text.includes(part))
			&& only.every((tag) => tag === "unread" ? isNew(anchor) : tags.includes(tag));
		const shown = entries.filter(fits);
		for (const entry of entries) for (const node of nodesOf(entry.title)) node.hidden = !shown.includes(entry);
		bar.classList.toggle("pd-active", active);
		count.textContent = active ? `${shown.length} / ${entries.length}` : "";
		const url = new URL(location), query = url.searchParams;
		query.delete("q");
		query.delete("only");
		if (words[0]) query.set("q", input.value);
		for (const tag of only) query.append("only", tag);
		setUrl(url);
		const found = active ? (await allPapers()).filter((paper) => fits(paper) && !here.includes(paper.anchor)) : [];
		if (mine !== turn) return;
		below.hidden = !active || shown[0] && !found[0];
		search.hidden = !box || found[0];
		said.textContent = word(found[0] ? "elsewhere" : "nothing", found.length);
		rest.textContent = found[50] ? word("rest", found.length - 50) : "";
		list.replaceChildren(...found.slice(0, 50).map(({ title, href, date, by }) =>
			make("li", "", [make("a", "", title, { href }), make("time", "", date), make("span", "pd-by", by)])));
	}

	bar.oninput = update;
	for (const chip of chips) {
		chip.ariaPressed = asked.getAll("only").includes(chip.value);
		chip.onclick = () => update(chip.ariaPressed = chip.ariaPressed !== "true");
	}
	select.onchange = () => {
		const value = ({ title }) => title.dataset[select.value] || "";
		for (const { title } of [...entries].sort((first, other) => value(other).localeCompare(value(first)))) {
			if (title.id) one(".pd-words").before(...nodesOf(title));
			else title.parentNode.append(title);
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

function press(event) {
	const way = { j: 1, k: -1, "?": 0 }[event.key];
	if (way === undefined || event.defaultPrevented || isChord(event)) return;
	if (event.target.closest?.("input, textarea, select, [contenteditable]") || one("dialog[open]")) return;
	act(way ? "go" : "showKeys", way);
}

// Without a typesetter, TeX reads better bare.
function undress() {
	if (window.MathJax || window.katex || one("script[src*=mathjax i], script[src*=katex i]")) return;
	for (const formula of all(".arithmatex:not(.pd-tex)")) {
		formula.textContent = formula.textContent.replace(/^\\\(|\\\)$/g, "");
		formula.classList.add("pd-tex");
	}
}

function click(event) {
	const at = (selector) => event.target.closest?.(selector);
	// Material opens all details before it prints; these the reader has opened.
	const details = at("summary")?.parentElement;
	details?.classList.toggle("pd-opened", !details.open);
	// A link to where the address leads already changes nothing else.
	if (at("a")) setTimeout(revealHash);
	if (at(".pd-show-keys")) act("showKeys");
	// GLightbox opens links of its own class.
	const figure = at(`.pd-lead > a, a.pd-zoom${window.GLightbox ? "" : ", a.glightbox"}`);
	if (!figure || isChord(event) || event.shiftKey) return;
	event.preventDefault();
	act("show", figure);
}

let opened = performance.getEntriesByType("navigation")[0]?.name;

function enhance() {
	document.documentElement.classList.add("pd-ready");
	undress();
	const asked = new URL(opened || location).searchParams;
	opened = "";
	showNew();
	addFilter(asked);
	addView();
	if (asked.has("paper")) act("goToPaper", asked.get("paper"));
	all(".pd-bibtex pre").forEach(addCopy);
	all("h2.pd-title").forEach(addLink);
	const keys = one(".pd-words > .pd-show-keys");
	if (keys) one(".pd-turn > p, .pd-state").append(keys);
	revealHash();
}

const tools = window.pdTools = { one, all, make, word, isChord, setUrl, reveal, idIn, allPapers };
const on = { keydown: press, click, hashchange: revealHash, storage: showNew };
for (const kind in on) addEventListener(kind, on[kind]);
addEventListener("pageshow", ({ persisted }) => persisted && showNew());
// Material asks for a sitemap beside each `alternate`.
for (const link of all("link[href^=feed]")) link.rel += " feed";
// Instant navigation replaces pages; on a disk it stops before the first one.
if (window.document$ && location.protocol !== "file:") document$.subscribe(enhance);
else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", enhance);
else enhance();
})();
